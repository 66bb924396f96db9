"""Which jobs are due, and one worker that drains them, oldest first."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from .. import contract, remote
from ..contract import FolderLock, JobError
from ..errors import UserError
from .stop import StopFlag

NICENESS = 5  # below whoever started the worker: Blender's window comes first


def work(jobs: Path, stop: StopFlag | None = None) -> None:
    """Drains a jobs folder. Returns at once if another worker does, else when it is idle or told to stop.

    Raises:
        UserError: the folder is not there or cannot be written, or this Python lacks torch.
    """
    if not jobs.is_dir():
        raise UserError(f"There is no jobs folder {jobs}: name the folder that holds the jobs.", code="jobs")
    stop = stop or StopFlag()
    stop.install()
    _be_nice()
    refused: set[Path] = set()  # jobs that could not even be begun: trying again at once would never end
    lock = FolderLock(jobs / "worker.lock")
    try:
        # A client writes a job, then asks for the lock. Looking again after the release finds the job of a client that
        # saw the lock still held; when another worker has the lock by then, that one looks again in its turn.
        while lock.acquire():
            try:
                _drain(jobs, stop, refused)
            finally:
                lock.release()
            if stop.is_set or next_due(jobs, refused) is None:
                return
    except JobError as error:
        raise UserError(str(error), code="jobs") from error


def _drain(jobs: Path, stop: StopFlag, refused: set[Path]) -> None:
    while not stop.is_set and (folder := next_due(jobs, refused)) is not None:
        from .job import run_job  # torch: not for a worker that has nothing to do

        def is_wanted_elsewhere() -> bool:
            return stop.is_set or next_due(jobs, refused) is not None

        try:
            if not run_job(folder, stop, is_wanted_elsewhere):
                refused.add(folder)
        except (OSError, JobError) as error:
            refused.add(folder)
            print(f"{folder.name} cannot be begun: {error}", file=sys.stderr, flush=True)


def next_due(jobs: Path, refused: set[Path] | frozenset[Path] = frozenset()) -> Path | None:
    """The oldest job that waits for a worker."""
    return next((f for f in contract.list_jobs(jobs) if f not in refused and is_due(f)), None)


def is_due(folder: Path) -> bool:
    """Whether the job waits and nobody is at it."""
    return is_waiting(folder) and not contract.is_locked(folder / "lock")


def is_waiting(folder: Path) -> bool:
    """Whether the job was never begun, or is asked to be resumed; and it is one for this computer.

    One that said hello is not taken again by itself, however it ended: a job that crashes its worker would do so for ever.
    """
    return not remote.is_remote(folder) and (contract.is_requested(folder, "resume") or not _was_begun(folder))


def _was_begun(folder: Path) -> bool:
    """Hello is the first event. A single half-written line is none: its worker died before it could say so."""
    return bool(contract.EventReader(folder).read(1))


def _be_nice() -> None:
    """A slightly lower priority for this process, where the system lets us."""
    try:
        if os.name == "nt":
            import psutil

            psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        else:
            os.nice(NICENESS)
    except (OSError, ImportError):
        pass
