"""The trash of deleted jobs: the folder `.trash` in their jobs folder."""

from __future__ import annotations

import errno
import os
import shutil
import time
from contextlib import suppress
from pathlib import Path

from ..errors import JobError
from .lock import is_locked
from .reading import is_own_folder

NAME = ".trash"
KEEP_DAYS = 7


def move_to_trash(folder: Path) -> None:
    """Moves an ended job to the trash.

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


def folders(jobs: Path) -> list[Path]:
    """The folders of the jobs in the trash."""
    try:
        return [folder for folder in (jobs / NAME).iterdir() if is_own_folder(jobs / NAME) and is_own_folder(folder)]
    except OSError:
        return []


def empty(jobs: Path, keep_days: float = KEEP_DAYS) -> int:
    """Deletes the jobs that have been in the trash for more than `keep_days` days. Returns their number."""
    oldest, count = time.time() - keep_days * 86400, 0
    for folder in folders(jobs):
        with suppress(OSError):
            if folder.stat().st_mtime <= oldest:
                shutil.rmtree(folder)
                count += 1
    return count
