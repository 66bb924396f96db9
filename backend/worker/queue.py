"""Runs the jobs of a folder, oldest first."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path

from .. import installed
from ..errors import JobError, UserError
from ..jobs import launch
from ..jobs.lock import FolderLock
from ..jobs.remote import Location
from . import kept_model
from .due import DueJobs
from .idle import Idle
from .stop import StopFlag

NICENESS = 5  # lower priority than Blender's user interface


def work(jobs: Path, stop: StopFlag | None = None, keep_s: float = 0.0) -> None:
    """Runs all jobs in a folder. Returns when none is left, when stopped, or if another worker is running.

    With `keep_s`, it stays for this long after its last job while the process that started it runs, see `idle`.

    A worker whose files were updated starts a worker of the new version for the other jobs. One whose files were removed
    takes no other job.

    Raises:
        UserError: the folder does not exist or cannot be written (code "jobs"), or this Python lacks torch (code
            "environment").
    """
    if not jobs.is_dir():
        raise UserError(f"There is no jobs folder {jobs}. Choose an existing folder.", code="jobs")
    stop = stop or StopFlag()
    stop.install()
    _lower_priority()
    due, idle = DueJobs(jobs), Idle(jobs, keep_s)
    lock = FolderLock(jobs / "worker.lock")
    try:
        # A client writes a job, then checks the lock. Checking for jobs again after the release finds the job of a client
        # that saw the lock still held. If another worker has the lock by then, that worker does the same.
        while lock.acquire():
            try:
                _drain(due, stop, lock)
                while idle.await_job(due, lambda: stop.is_set or not lock.is_held):
                    _drain(due, stop, lock)
            finally:
                lock.release()
            if stop.is_set or due.next() is None:
                return
            if installed.has_changed():
                launch.hand_over(Location(jobs))
                return
    except JobError as error:
        raise UserError(str(error), code="jobs") from error


def _drain(due: DueJobs, stop: StopFlag, lock: FolderLock) -> None:
    while not stop.is_set and lock.is_held and not installed.has_changed():
        folder = due.next()
        if folder is None:
            kept_model.release_large()
            return
        run_job = _import_job()

        def should_yield() -> bool:
            return stop.is_set or due.are_waiting()

        try:
            if not run_job(folder, stop, should_yield):
                due.refuse(folder)
        except (OSError, JobError) as error:
            due.refuse(folder)
            print(f"Cannot start {folder.name}: {error}", file=sys.stderr, flush=True)


def _import_job() -> Callable[[Path, StopFlag, Callable[[], bool]], bool]:
    """Imports `run_job`, and PyTorch with it, which takes a second. The garbage collector would add a fifth to it, and look
    through the same objects again in every job."""
    is_first = "torch" not in sys.modules
    if is_first:
        gc.disable()
    try:
        from .job import run_job
    finally:
        if is_first:
            gc.freeze()
            gc.enable()
    return run_job


def _lower_priority() -> None:
    """Lowers the priority of this process slightly, if the system permits."""
    try:
        if os.name == "nt":
            import psutil

            psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        else:
            os.nice(NICENESS)
    except (OSError, ImportError):
        pass
