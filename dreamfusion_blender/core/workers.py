"""The workers and relays that this Blender has started, and where it may start others."""

from __future__ import annotations

from contextlib import suppress

from ..backend.errors import JobError
from ..backend.jobs import launch, remote
from ..backend.jobs.launch import Child
from ..backend.jobs.lock import is_locked
from ..backend.jobs.remote import Location, Remote
from . import paths
from .formats import shortened
from .translate import tr

OFFLINE = (
    "Online access is disabled. Turn on Allow Online Access in the preferences (System > Network), "
    "or set Run On to This Computer."
)


class Workers:
    """Starts at most one worker for each location.

    Args:
        python: The backend's Python.
    """

    def __init__(self, python: str) -> None:
        self.python = python
        self.hosts: set[Remote] = set()  # hosts that the user has chosen; no other one is connected to
        self.is_online = True  # Blender may use the network
        self.offline_problem = OFFLINE  # the message if it may not
        self.environment: dict[str, str] = {}  # variables for workers, added to Blender's own
        self.keep_minutes = 0  # how long a worker stays after its last job
        self._started: dict[Location, Child] = {}

    def last_at(self, location: Location) -> Child | None:
        """The last worker or relay that this Blender started for the location."""
        return self._started.get(location)

    def is_alive(self, location: Location) -> bool:
        """Whether a worker or relay runs at the location, started by this client or another one."""
        child = self.last_at(location)
        return (child is not None and child.is_alive) or is_locked(location.lock)

    def start(self, location: Location) -> None:
        """Starts the worker or relay of a location, unless one runs there.

        Raises:
            JobError: It cannot be started, or Blender may not connect to the host.
        """
        if self.is_alive(location):
            return
        if location.remote and not self.is_online:
            raise JobError(self.offline_problem, code="setup")
        problem = self._host_problem(location.remote) if location.remote else paths.python_problem(self.python)
        if problem:
            raise JobError(problem, code="setup")
        self._started[location] = launch.start_worker(
            location, self.python, self.environment, keep_minutes=0 if location.remote else self.keep_minutes
        )

    def end_idle(self, patience_s: float = 0.0) -> None:
        """Lets the workers of this Blender end that have no jobs, and the others when they have none left.

        Args:
            patience_s: how long to wait for their end, each.
        """
        for location, child in self.alive_here().items():
            with suppress(OSError):
                (location.jobs / launch.END_IDLE).touch()
            if patience_s:
                child.wait(patience_s)

    def alive_here(self) -> dict[Location, Child]:
        """The workers of this Blender that run on this computer. A relay ends on its own."""
        return {at: child for at, child in self._started.items() if child.is_alive and not at.remote}

    def _host_problem(self, host: Remote) -> str:
        """Why there is no connection to the host of a job. Anybody who can write to the jobs folder can name one there."""
        if problem := remote.problem(host):
            return problem
        if host in self.hosts:
            return ""
        name = shortened(host.host)
        if host.host not in {known.host for known in self.hosts}:
            text = tr(
                "This job ran on {host}, which is not your remote host. To continue, enter it in the preferences."
            )
        else:
            text = tr(
                "This job ran on {host} with other folders or another Python than in your preferences. "
                "To continue, enter those there."
            )
        return text.format(host=name)
