"""One worker that drains a jobs folder, oldest job first."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from ..errors import JobError, UserError
from ..jobs.lock import FolderLock
from .due import next_due
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
