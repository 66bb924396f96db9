"""Where deleted jobs wait for a while before they are gone: `.trash` in their jobs folder."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import suppress
from pathlib import Path

from ..backend.errors import JobError
from ..backend.jobs.lock import is_locked

NAME = ".trash"
KEEP_DAYS = 7


def throw_away(folder: Path) -> None:
    """Moves an ended job into the trash, and empties the trash of what has lain there for longer than `KEEP_DAYS`.

    Raises:
        JobError: a worker is at the job, or the folder cannot be moved.
    """
    if is_locked(folder / "lock"):
        raise JobError("The backend is still at work on this job: cancel it first, or wait a moment.")
    trash = folder.parent / NAME
    try:
        trash.mkdir(exist_ok=True)
        os.utime(folder)  # its time in the trash begins now
        os.replace(folder, trash / folder.name)
    except OSError as error:
        raise JobError(
            f"The job's folder {folder} cannot be deleted ({error.strerror or error}): see whether it is still there."
        ) from error
    _empty(trash)


def bring_back(jobs: Path, job_id: str) -> None:
    """Moves a job out of the trash again.

    Raises:
        JobError: it is not there any more, or cannot be moved.
    """
    try:
        os.replace(jobs / NAME / job_id, jobs / job_id)
    except OSError as error:
        raise JobError(
            f"The job cannot be brought back ({error.strerror or error}): look into {jobs / NAME}."
        ) from error


def _empty(trash: Path) -> None:
    oldest = time.time() - KEEP_DAYS * 86400
    for folder in trash.iterdir():
        with suppress(OSError):
            if folder.stat().st_mtime < oldest:
                shutil.rmtree(folder)
