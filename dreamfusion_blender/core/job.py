"""One job of the board, with what the panel shows of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from ..backend.jobs import states
from ..backend.jobs.folder import Turn, job_order, set_turn
from ..backend.jobs.follow import JobFollower
from ..backend.jobs.reading import inside
from ..backend.jobs.request import JobRequest
from ..backend.jobs.states import JobState


class Job(JobFollower):
    """A followed job and its request."""

    def __init__(self, folder: Path | str, request: JobRequest) -> None:
        super().__init__(folder)
        self.id = request.id
        self.request = request
        self.waiting_since = time.monotonic()  # for the worker's answer
        self.ahead = 0  # number of jobs that the worker takes before this one; of a job that rests, at least
        self.rests = False  # it waits behind others, and nothing is new about it: see `JobBoard`
        self._settled = self.state
        self._settled_facts: tuple[object, ...] = ()

    def settle(self, *, is_first: bool, worker_is_alive: Callable[[], bool]) -> JobState:
        """The same as `settled`, but fast for the many jobs of a long queue about which nothing is new."""
        is_canceled = self.is_cancel_requested
        is_resumed = self.resume_requested
        facts = (self.folded, is_first, self.awaits_hello, self.is_locked, self.start_error, is_canceled, is_resumed)
        if facts != self._settled_facts or is_canceled:  # a cancel depends on the worker, too
            self._settled_facts = facts
            self._settled = self.settled(is_first=is_first, worker_is_alive=worker_is_alive)
        return self._settled

    def _read_controls(self) -> bool:
        turn, self.turn = self.turn, job_order(self.folder)
        return super()._read_controls() or turn != self.turn

    def prepare(self) -> None:
        """Reads what a job that has not ended needs, so that the first tick that follows many of them is short."""
        _ = self.queue, self.turn, self.is_cancel_requested

    @property
    def needs_watching(self) -> bool:
        return not self.is_known or self.awaits_hello or not self.state.is_final

    @property
    def can_rest(self) -> bool:
        """Whether the job only waits. Its state does not change then while at least two other jobs come first."""
        return self.state.status == states.QUEUED and self.is_known and self.cancel_requested_at is None

    @cached_property
    def turn(self) -> Turn:
        """Its place in the queue."""
        return job_order(self.folder)

    @cached_property
    def queue(self) -> str:
        """Identifies the location: jobs with the same one wait for each other. Faster to compare than the location."""
        return str(self.location.lock)

    @property
    def can_move(self) -> bool:
        """Whether the job can change its place in the queue: it waits, and on this computer. A host has its own queue."""
        return self.state.status == states.QUEUED and self.is_known and self.location.remote is None

    def move_to(self, turn: Turn) -> None:
        """Raises JobError if the job's folder cannot be written."""
        set_turn(self.folder, turn)
        self.turn = turn

    @property
    def mesh_path(self) -> Path | None:
        """The mesh, or None. Never a file outside of the job's folder, whatever its events say."""
        return inside(self.folder, self.state.mesh)

    @property
    def preview_path(self) -> Path | None:
        return inside(self.folder, self.state.preview)
