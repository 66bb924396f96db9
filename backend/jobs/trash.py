"""The trash of deleted jobs: the folder `.trash` in their jobs folder.

Another program may use a folder of this name, such as `~/.Trash` of macOS. Only jobs in it are listed and deleted.
"""

from __future__ import annotations

import errno
import os
import shutil
import time
from contextlib import suppress
from itertools import count
from pathlib import Path

from ..errors import JobError
from .lock import is_locked
from .reading import is_own_folder

NAME = ".trash"
KEEP_DAYS = 7
_MARK = "job.json"  # what makes a folder a job


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
        _make_room(trash / folder.name)
        os.replace(folder, trash / folder.name)
    except OSError as error:
        advice = "Check its permissions" if os.path.lexists(folder) else "Check that it still exists"
        raise JobError(
            f"Cannot delete the job's folder {folder}: {error.strerror or error}. {advice}.", code="files"
        ) from error


def _make_room(place: Path) -> None:
    """Renames a job in the trash that has the name of the next one: an earlier copy of it was deleted before."""
    if is_own_folder(place):
        names = (f"{place.name}-{number}" for number in count(2))
        os.replace(place, place.with_name(next(name for name in names if not os.path.lexists(place.with_name(name)))))


def restore(jobs: Path, job_id: str) -> None:
    """Moves a job from the trash back to its jobs folder.

    Raises:
        JobError: The job is no longer in the trash, another job has its name, or it cannot be moved.
    """
    if os.path.lexists(jobs / job_id):
        raise JobError(f"{jobs} has another job {job_id}. Delete or move that one first.", code="files")
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
        return [folder for folder in (jobs / NAME).iterdir() if is_own_folder(jobs / NAME) and _is_job(folder)]
    except OSError:
        return []


def empty(jobs: Path, keep_days: float = KEEP_DAYS) -> int:
    """Deletes the jobs that have been in the trash for more than `keep_days` days. Returns their number."""
    oldest, deleted = time.time() - keep_days * 86400, 0
    for folder in folders(jobs):
        with suppress(OSError):
            if folder.stat().st_mtime <= oldest:
                _delete(folder)
                deleted += 1
    return deleted


def _is_job(folder: Path) -> bool:
    return is_own_folder(folder) and (folder / _MARK).is_file()


def _delete(folder: Path) -> None:
    """Deletes the mark of a job last, so that the next call finds what an interrupted one has left."""
    for path in folder.iterdir():
        if path.name != _MARK:
            shutil.rmtree(path) if is_own_folder(path) else path.unlink()
    shutil.rmtree(folder)
