"""The near half: the jobs of one folder that run on one host, followed together over one connection."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from .. import __version__
from ..errors import JobError
from ..jobs.folder import is_requested, list_jobs
from ..jobs.lock import FolderLock, is_locked
from ..jobs.remote import Remote, problem, read
from . import mirror, ssh, wire
from .link import Link, LinkError
from .mirror import Mirror
from .wire import Frame, WireError

LOOK_EVERY_S = 0.2
TAKE_EVERY_S = 1.0  # how often the jobs folder is looked at for new jobs
FIRST_REST_S, LONGEST_REST_S = 1.0, 60.0  # between two tries, doubled each time
STEADY_S = 30.0  # a connection that held so long was a good one
Connect = Callable[[Remote], Link]


def connect_by_ssh(remote: Remote) -> Link:
    """Raises LinkError."""
    if wrong := problem(remote):
        raise LinkError(wrong)
    if not ssh.program():
        raise LinkError("There is no program ssh on this computer: install OpenSSH's client.")
    return Link(ssh.command(remote), lambda status, said: ssh.explain(remote, status, said))


def open_link(remote: Remote, connect: Connect = connect_by_ssh) -> Link:
    """A connection whose other end is of our version.

    Raises:
        LinkError: there is none, or it is not.
    """
    link = connect(remote)
    found = str(link.greeting.get("backend", ""))
    if link.greeting.get("relay") != wire.RELAY or found != __version__:
        link.close()
        raise LinkError(ssh.other_version(remote, f"version {found} of the backend and this computer {__version__}"))
    return link


def work(jobs: Path, remote: Remote, connect: Connect = connect_by_ssh) -> None:
    """Looks after this host's jobs until none is left. Returns at once if another relay does.

    Raises:
        JobError: the jobs folder cannot be written.
    """
    relay = Relay(jobs, remote, connect)
    lock = FolderLock(jobs / remote.lock_name)
    # As a worker: the lock goes back first, then comes a last look for new jobs.
    while lock.acquire():
        try:
            relay.run()
        finally:
            lock.release()
        if not relay.due():
            return


class Relay:
    """Args: as for `work`."""

    def __init__(self, jobs: Path, remote: Remote, connect: Connect) -> None:
        self._jobs, self._remote, self._connect = jobs, remote, connect
        self._mirrors: dict[str, Mirror] = {}
        self._over: set[str] = set()  # nothing is to be done for these, unless they are resumed
        self._refused: set[str] = set()  # could not be taken: trying again at once would never end
        self._taken_at = float("-inf")

    def due(self) -> list[Path]:
        """Jobs that wait for us: new, cut off or resumed ones."""
        return [folder for folder in list_jobs(self._jobs) if self._is_due(folder)]

    def _is_due(self, folder: Path) -> bool:
        name = folder.name
        if name in self._mirrors or name in self._refused:
            return False
        if is_requested(folder, "resume"):
            return read(folder) == self._remote
        if name not in self._over and (read(folder) != self._remote or mirror.is_over(folder)):
            self._over.add(name)
        return name not in self._over and not is_locked(folder / "lock")

    def run(self) -> None:
        """Follows all jobs to their ends, over as many connections as that takes."""
        rest_s = FIRST_REST_S
        while self._take():
            began = time.monotonic()
            try:
                with open_link(self._remote, self._connect) as link:
                    self._follow(link)
            except (LinkError, WireError) as error:
                self._lose(str(error))
                if time.monotonic() - began > STEADY_S:
                    rest_s = FIRST_REST_S
                self._rest(rest_s)
                rest_s = min(2 * rest_s, LONGEST_REST_S)

    def _take(self) -> bool:
        """Takes what is due, now and then. True while there is anything to do."""
        if not self._mirrors or time.monotonic() - self._taken_at > TAKE_EVERY_S:
            self._taken_at = time.monotonic()
            for folder in self.due():
                try:
                    if taken := mirror.take(folder):
                        self._mirrors[folder.name] = taken
                        continue
                except (OSError, JobError) as error:
                    print(f"{folder.name} cannot be begun: {error}", file=sys.stderr, flush=True)
                self._refused.add(folder.name)
        return bool(self._mirrors)

    def _follow(self, link: Link) -> None:
        """Until all jobs have ended.

        Raises:
            LinkError, WireError: the connection cannot be used any longer.
        """
        told: set[str] = set()
        while self._take():
            for name, job in self._mirrors.items():
                if name not in told:
                    told.add(name)
                    link.send(**job.follow_message())
                for message in job.new_controls():
                    link.send(**message)
            for frame in link.frames(LOOK_EVERY_S):
                self._receive(frame)
            told &= self._mirrors.keys()

    def _receive(self, frame: Frame) -> None:
        job = self._mirrors.get(str(frame.head.get("job")))
        if job is None:
            return
        try:
            match frame.kind:
                case "accepted":
                    job.note_accepted(self._remote.host)
                case "over":
                    job.finish()
                    self._forget(job)
                case "failed":
                    code = str(frame.head.get("code"))
                    job.fail(f"{self._remote.host}: {frame.head.get('message')}", code)
                    self._forget(job)
                case _:
                    job.receive(frame)
        except OSError as error:
            print(f"{job.folder} cannot be written: {error}", file=sys.stderr, flush=True)
            job.release()
            self._refused.add(job.folder.name)
            self._forget(job)

    def _lose(self, why: str) -> None:
        """The connection is gone. Jobs that the host has go on there; the others end here."""
        host = self._remote.host
        for job in list(self._mirrors.values()):
            job.forget_part()
            if not job.is_accepted:
                job.fail(why, "remote")
            elif job.is_asked("cancel"):
                job.give_up(f"{host} could not be told: the job may go on there. {why}")
            else:
                job.note_lost(host, why)
                continue
            self._forget(job)

    def _forget(self, job: Mirror) -> None:
        del self._mirrors[job.folder.name]
        self._over.add(job.folder.name)

    def _rest(self, seconds: float) -> None:
        """Waits before the next try; a person who asks for something is not kept waiting."""
        until = time.monotonic() + seconds
        while self._mirrors and time.monotonic() < until:
            count = len(self._mirrors)
            if not self._take() or len(self._mirrors) > count:
                return
            if any(job.is_asked("cancel") for job in self._mirrors.values()):
                return
            time.sleep(LOOK_EVERY_S)
