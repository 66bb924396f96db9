"""The trash of deleted jobs: the folder `.trash` in their jobs folder."""

from __future__ import annotations

import errno
import os
import shutil
import time
from contextlib import suppress
from pathlib import Path

from ..backend.errors import JobError
from ..backend.jobs.lock import is_locked
from ..backend.jobs.reading import is_own_folder

NAME = ".trash"
KEEP_DAYS = 7


def move_to_trash(folder: Path) -> None:
    """Moves an ended job to the trash, and deletes jobs that have been there for more than `KEEP_DAYS` days.

    Raises:
        JobError: A worker is running the job, or the folder cannot be moved.
    """
    if is_locked(folder / "lock"):
        raise JobError("The job is still running. Cancel it first, or wait a moment.")
    trash = folder.parent / NAME
    try:
        trash.mkdir(exist_ok=True)
        for place in (trash, folder):
            if not is_own_folder(place):
                raise NotADirectoryError(errno.ENOTDIR, f"{place} is a link to another place; remove it")
        os.utime(folder)  # the time in the trash counts from now
        os.replace(folder, trash / folder.name)
    except OSError as error:
        raise JobError(
            f"Cannot delete the job's folder {folder}: {error.strerror or error}. Check that it still exists.",
            code="files",
        ) from error
    _delete_old(trash)


def restore(jobs: Path, job_id: str) -> None:
    """Moves a job from the trash back to its jobs folder.

    Raises:
        JobError: The job is no longer in the trash, or cannot be moved.
    """
    try:
        if not (is_own_folder(jobs / NAME) and is_own_folder(jobs / NAME / job_id)):
            raise FileNotFoundError(errno.ENOENT, "it is not in the trash")
        os.replace(jobs / NAME / job_id, jobs / job_id)
    except OSError as error:
        raise JobError(
            f"Cannot restore the job: {error.strerror or error}. Look for its folder in {jobs / NAME}.", code="files"
        ) from error


def _delete_old(trash: Path) -> None:
    oldest = time.time() - KEEP_DAYS * 86400
    for folder in trash.iterdir():
        with suppress(OSError):
            if is_own_folder(folder) and folder.stat().st_mtime < oldest:
                shutil.rmtree(folder)
