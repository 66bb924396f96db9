"""Selects the jobs that wait for a worker on this computer."""

from __future__ import annotations

import time
from pathlib import Path

from ..jobs import remote
from ..jobs.events import EventReader
from ..jobs.folder import is_requested, list_jobs
from ..jobs.lock import is_locked

COST_FACTOR = 20  # a search during other work takes at most this part of the time
FIRST_EVENT_BYTES = 1 << 9


class DueJobs:
    """The waiting jobs of a folder. Opens each ended job once, however often it searches."""

    def __init__(self, jobs: Path) -> None:
        self._jobs = jobs
        self._begun: set[str] = set()  # names of jobs that wait only if they are requested to resume
        self._refused: set[str] = set()
        self._found = False
        self._next_search = 0.0

    def refuse(self, folder: Path) -> None:
        """Leaves out a job that could not start, so that it is not retried in a loop."""
        self._refused.add(folder.name)

    def next(self) -> Path | None:
        """The oldest waiting job, or None."""
        self._next_search = 0.0  # the caller is about to start this job
        waiting = list_jobs(self._jobs, self._is_due)
        return waiting[0] if waiting else None

    def are_waiting(self) -> bool:
        """Whether any job waits, for frequent calls: the answer may be old, so that many jobs do not slow the caller down."""
        began = time.monotonic()
        if began >= self._next_search:
            self._found = self.next() is not None
            now = time.monotonic()
            self._next_search = now + COST_FACTOR * (now - began)
        return self._found

    def _is_due(self, folder: Path) -> bool:
        name = folder.name
        if name in self._refused or (name in self._begun and not is_requested(folder, "resume")):
            return False
        if not is_waiting(folder):
            self._begun.add(name)
            return False
        return not is_locked(folder / "lock")


def is_due(folder: Path) -> bool:
    """Whether the job waits and no worker holds its lock."""
    return is_waiting(folder) and not is_locked(folder / "lock")


def is_waiting(folder: Path) -> bool:
    """Whether the job is new or requested to resume, and not for a remote host.

    Jobs that have started are never restarted automatically: a job that crashes its worker would do so forever.
    """
    return not remote.is_remote(folder) and (is_requested(folder, "resume") or not _has_started(folder))


def _has_started(folder: Path) -> bool:
    """Whether the first event, "hello", is complete. A partial line does not count: the worker died while writing it."""
    return bool(EventReader(folder).read(FIRST_EVENT_BYTES))
