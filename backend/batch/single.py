"""Runs one job in this process: new, or from its last checkpoint."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ..errors import JobError, UserError
from ..jobs import states
from ..jobs.events import EventWriter
from ..jobs.folder import request_control
from ..jobs.lock import FolderLock, is_locked
from ..jobs.states import read_state
from ..worker.failures import explain
from ..worker.stop import StopFlag

BUSY = "busy"  # another worker has the job
WAIT_S = 2.0


@dataclass(frozen=True)
class Outcome:
    """How a try to run a job has ended.

    Args:
        status: one of `states.FINAL_STATES`, or `BUSY`.
        message: for the user; empty unless the job has failed.
        code: of the failure.
    """

    status: str
    message: str = ""
    code: str = ""


def run_single(folder: Path, stop: StopFlag) -> Outcome:
    """Runs a job unless it is done. Errors of the job are in the outcome.

    Raises:
        UserError: this Python cannot run jobs (code "environment").
    """
    if is_locked(folder / "lock"):
        return Outcome(BUSY)
    # After the lock: a worker that has just released it has already written its last event.
    state = read_state(folder)
    if state.status == states.DONE:
        return Outcome(states.DONE)
    if not os.path.lexists(folder):  # deleted by the user
        return Outcome(states.CANCELLED)
    from ..worker.job import run_job  # imports torch, which takes seconds

    try:
        if state.status != states.QUEUED:
            request_control(folder, "resume")
        if not run_job(folder, stop, lambda: stop.is_set):
            return Outcome(states.CANCELLED if stop.is_set else BUSY)
    except (JobError, OSError) as error:
        return Outcome(states.FAILED, *explain(_cause(error), "", folder))
    return outcome_of(folder)


def run_to_end(folder: Path, stop: StopFlag) -> Outcome:
    """As `run_single`, but waits for another worker that has the job."""
    while (outcome := run_single(folder, stop)).status == BUSY and not stop.is_set:
        time.sleep(WAIT_S)
    return Outcome(states.CANCELLED) if outcome.status == BUSY else outcome


def outcome_of(folder: Path) -> Outcome:
    """The outcome of a job that no worker runs any more."""
    state = read_state(folder)
    if state.status in (states.DONE, states.CANCELLED):
        return Outcome(state.status)
    message = state.error or f"The job failed. See {folder / 'log.txt'}."
    return Outcome(state.status if state.is_final else states.FAILED, message, state.error_code)


def _cause(error: Exception) -> BaseException:
    """The system's error behind a message that a folder cannot be written: a full disk has its own message."""
    cause = error.__cause__
    return cause if isinstance(error, JobError) and isinstance(cause, OSError) else error


def record_failure(folder: Path, outcome: Outcome) -> None:
    """Writes the end of a job whose worker could not: it was killed, or lost. Does nothing if another worker has the job."""
    lock = FolderLock(folder / "lock")
    with suppress(OSError, UserError):
        if not lock.acquire():
            return
        try:
            if read_state(folder).status not in (states.DONE, states.FAILED):
                events = EventWriter(folder)
                events("error", message=outcome.message, code=outcome.code)
                events("bye", status=states.FAILED)
                events.close()
        finally:
            lock.release()
