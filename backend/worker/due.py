"""Selects the jobs that wait for a worker on this computer."""

from __future__ import annotations

import time
from pathlib import Path

from ..errors import JobError
from ..jobs import remote
from ..jobs.events import EventReader
from ..jobs.folder import is_requested, list_jobs, read_job
from ..jobs.lock import is_locked

COST_FACTOR = 20  # a search during other work takes at most this part of the time
FIRST_EVENT_BYTES = 1 << 9
READS = 256  # of `FIRST_EVENT_BYTES`. A file with more damage than that counts as the events of a job that has started


class DueJobs:
    """The waiting jobs of a folder. Opens each ended job once, however often it searches."""

    def __init__(self, jobs: Path) -> None:
        self._jobs = jobs
        self._begun: set[str] = set()  # names of jobs that wait only if they are requested to resume
        self._refused: set[str] = set()
        self._found = False
        self.has_later = False  # a search has found a new job of a later version
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
            self.has_later |= _is_from_later_version(folder)
            return False
        return not is_locked(folder / "lock")


def is_due(folder: Path) -> bool:
    """Whether the job waits and no worker holds its lock."""
    return is_waiting(folder) and not is_locked(folder / "lock")


def is_waiting(folder: Path) -> bool:
    """Whether the job is new or requested to resume, and neither for a remote host nor for a later version.

    Jobs that have started are never restarted automatically: a job that crashes its worker would do so forever.
    """
    is_wanted = is_requested(folder, "resume") or not _has_started(folder)
    return is_wanted and not remote.is_remote(folder) and not _is_from_later_version(folder)


def _is_from_later_version(folder: Path) -> bool:
    try:
        return read_job(folder).is_from_later_version
    except JobError:
        return False  # the worker reports what is wrong


def _has_started(folder: Path) -> bool:
    """Whether the first event, "hello", is complete. A partial line does not count: the worker died while writing it."""
    reader = EventReader(folder)
    return bool(reader.read(FIRST_EVENT_BYTES, READS)) or not reader.is_at_end
