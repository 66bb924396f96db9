"""Which jobs are due: those that wait for a worker on this computer."""

from __future__ import annotations

from pathlib import Path

from ..jobs import remote
from ..jobs.events import EventReader
from ..jobs.folder import is_requested, list_jobs
from ..jobs.lock import is_locked


def next_due(jobs: Path, refused: set[Path] | frozenset[Path] = frozenset()) -> Path | None:
    """The oldest job that waits for a worker."""
    return next((f for f in list_jobs(jobs) if f not in refused and is_due(f)), None)


def is_due(folder: Path) -> bool:
    """Whether the job waits and nobody is at it."""
    return is_waiting(folder) and not is_locked(folder / "lock")


def is_waiting(folder: Path) -> bool:
    """Whether the job was never begun, or is asked to be resumed; and it is one for this computer.

    One that said hello is not taken again by itself, however it ended: a job that crashes its worker would do so for ever.
    """
    return not remote.is_remote(folder) and (is_requested(folder, "resume") or not _was_begun(folder))


def _was_begun(folder: Path) -> bool:
    """Hello is the first event. A single half-written line is none: its worker died before it could say so."""
    return bool(EventReader(folder).read(1))
