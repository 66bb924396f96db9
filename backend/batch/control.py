"""Requests to a batch as a whole: pause, resume, cancel. Each is made in the job folders, and in one file for the driver."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..errors import JobError, UserError
from ..jobs import states
from ..jobs.files import write_atomic
from ..jobs.folder import job_folders, read_job, request_control, withdraw_control
from ..jobs.follow import present_state
from ..jobs.lock import is_locked
from ..jobs.states import JobState
from .requests import is_of_batch

LOCK, PAUSE, LOG = "batch.lock", "batch.pause", "batch.log"


def jobs_of_batch(jobs: Path) -> Iterator[Path]:
    """The folders of the jobs that a batch has made.

    Raises:
        UserError: There is no such folder (code "jobs").
    """
    if not jobs.is_dir():
        raise UserError(f"There is no jobs folder {jobs}. Choose the folder of a batch.", "jobs")
    for folder in job_folders(jobs):
        try:
            if is_of_batch(read_job(folder)):
                yield folder
        except JobError:
            continue


def states_of_batch(jobs: Path) -> Iterator[tuple[Path, JobState]]:
    """The jobs that a batch has made, with their present states."""
    for folder in jobs_of_batch(jobs):
        yield folder, present_state(folder)


def is_driven(jobs: Path) -> bool:
    """Whether a driver hands out the jobs of this folder."""
    return is_locked(jobs / LOCK)


def is_paused(jobs: Path) -> bool:
    return (jobs / PAUSE).exists()


def pause(jobs: Path) -> int:
    """Pauses the running jobs, and keeps the others from being started. Returns the number of running jobs.

    Raises:
        UserError, OSError: The folder does not exist, or cannot be written.
    """
    running = [folder for folder, state in states_of_batch(jobs) if state.status == states.RUNNING]
    write_atomic(jobs / PAUSE, "")
    for folder in running:
        request_control(folder, "pause")
    return len(running)


def unpause(jobs: Path) -> int:
    """Continues the paused jobs, and lets others be started. Returns the number of paused jobs.

    Raises:
        UserError, OSError: The folder does not exist, or cannot be written.
    """
    paused = [folder for folder in jobs_of_batch(jobs) if withdraw_control(folder, "pause")]
    (jobs / PAUSE).unlink(missing_ok=True)
    return len(paused)


def cancel(jobs: Path) -> int:
    """Cancels the jobs that have not ended. Returns their number.

    Raises:
        UserError, OSError: The folder does not exist, or cannot be written.
    """
    unpause(jobs)  # a driver ends canceled jobs when it hands them out
    count = 0
    for folder, state in states_of_batch(jobs):
        # A driver tries jobs again whose worker has died.
        if not state.is_final or state.status == states.DIED:
            request_control(folder, "cancel")
            count += 1
    return count


def withdraw_all(folder: Path) -> None:
    """Withdraws what kept a job from running: it is started again."""
    for name in ("cancel", "pause"):
        withdraw_control(folder, name)
