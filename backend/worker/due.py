"""Selects the jobs that wait for a worker on this computer."""

from __future__ import annotations

from pathlib import Path

from ..errors import JobError
from ..jobs import remote
from ..jobs.events import EventReader
from ..jobs.folder import is_requested, list_jobs, read_job
from ..jobs.lock import is_locked

READS = 16  # of 64 KB. A file with more damage than that counts as the events of a job that has started


def next_due(jobs: Path, refused: set[Path] | frozenset[Path] = frozenset()) -> Path | None:
    """Returns the oldest waiting job, or None."""
    return next((f for f in list_jobs(jobs) if f not in refused and is_due(f)), None)


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
    return bool(reader.read(tries=READS)) or not reader.is_at_end
