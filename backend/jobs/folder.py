"""Job folders: creates, lists and reads them, and makes control requests."""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

from ..errors import JobError
from .files import write_atomic
from .reading import LIMIT_BYTES, is_own_folder, parse, read_json, read_object
from .request import JobRequest, parse_job

FOLDERS = ("control", "checkpoints", "previews", "asset")
# Temporary files that a killed worker or relay may leave. Clients write others, without the job's lock.
LEFTOVERS = (
    ".settings.json.*.tmp",
    ".attempt.json.*.tmp",
    *(f"{name}/.*.tmp" for name in FOLDERS if name != "control"),
)
TURN = "turn"  # the control file with a job's place in the queue
Turn = tuple[str, int, str]


def create_job_folder(jobs: Path, request: JobRequest, notes: Mapping[str, str | bytes] | None = None) -> Path:
    """Creates the folder of a job. `job.json` is written last, so a worker never finds an incomplete job.

    Args:
        jobs: The jobs folder; created if necessary.
        request: The content of `job.json`.
        notes: Other files to write before `job.json`, also in folders: "input/mesh.npz" -> content.

    Raises:
        JobError: The folder cannot be written, or the request could not be read again.
    """
    try:
        fields = {"schema": request.schema, **asdict(request)}
        text = json.dumps(fields, indent=2, ensure_ascii=False, allow_nan=False)
        data = text.encode()
        parse(data)
    except (ValueError, RecursionError) as error:
        raise JobError(f"The request cannot be stored: {error}. Correct the overrides.") from error
    if len(data) >= LIMIT_BYTES:
        raise JobError("The request cannot be stored: it is too large. Shorten the overrides.")
    folder, is_new = Path(jobs) / request.id, False
    try:
        folder.mkdir(parents=True)  # fails if anything has this name, even a link
        is_new = True
        for name in FOLDERS:
            (folder / name).mkdir()
        for name, note in (notes or {}).items():
            (folder / name).parent.mkdir(exist_ok=True)
            write_atomic(folder / name, note)
        write_atomic(folder / "job.json", data + b"\n")
    except OSError as error:
        if is_new:  # without a request, nothing would ever list or delete it
            shutil.rmtree(folder, ignore_errors=True)
        raise JobError(
            f"Cannot write to the jobs folder {jobs}: {error.strerror or error}. Choose another folder in the preferences.",
            code="jobs",
        ) from error
    return folder


def read_job(folder: Path | str) -> JobRequest:
    """Reads the request of a job.

    Raises:
        JobError: The folder has no request, or it cannot be read.
    """
    if not is_own_folder(folder):
        raise JobError(f"{folder} is not a job's folder: it does not exist, or it is a link to another place.")
    try:
        raw = read_object(os.path.join(folder, "job.json"))
    except FileNotFoundError as error:
        raise JobError(f"{folder} is not a job's folder: it has no job.json.") from error
    except JobError as error:
        raise JobError(f"{error} Start a new job.") from error
    request = parse_job(raw)
    if os.path.basename(folder) == request.id:
        return request
    return replace(request, id=os.path.basename(os.path.abspath(folder)))  # a copied folder is another job


def ensure_folders(folder: Path) -> None:
    """Creates missing subfolders of a job, and removes temporary files that a killed worker or relay left.

    Call it with the job's lock.

    Raises:
        JobError: One of them cannot be created, is a file, or is a link.
    """
    for path in (folder / name for name in FOLDERS):
        try:
            if not os.path.lexists(path):
                path.mkdir()
        except OSError as error:
            raise JobError(f"Cannot access {path}: {error.strerror}. Check its permissions.", code="files") from error
        if not is_own_folder(path):
            reason = "it is not a folder, or it is a link to another place"
            raise JobError(f"Cannot access {path}: {reason}. Remove it, then resume the job.", code="files")
    for pattern in LEFTOVERS:
        for leftover in folder.glob(pattern):
            with suppress(OSError):
                leftover.unlink()


def list_jobs(jobs: Path, is_wanted: Callable[[Path], bool] = lambda _folder: True) -> list[Path]:
    """The folders of all wanted jobs, in the order in which a worker takes them."""
    return sorted((folder for folder in job_folders(jobs) if is_wanted(folder)), key=job_order)


def job_folders(jobs: Path) -> Iterator[Path]:
    """The folders of all jobs, in any order. Faster than `list_jobs`, which reads the turn of each job."""
    try:
        names = os.listdir(jobs)
    except OSError:
        return
    for name in names:
        folder = Path(jobs, name)
        if _is_job(folder):
            yield folder


def job_order(folder: Path) -> Turn:
    """Sort key of the queue: the turn that a client has set, or the job's own turn."""
    return _read_turn(folder) or own_turn(folder)


def own_turn(folder: Path) -> Turn:
    """The second in the job's name, the modification time of its request, and its name."""
    try:
        written_ns = os.stat(folder / "job.json").st_mtime_ns
    except OSError:
        written_ns = 0
    return (folder.name[:15], written_ns, folder.name)


def set_turn(folder: Path, turn: Turn) -> None:
    """Moves a waiting job in the queue. Two jobs change places by exchanging their turns.

    Raises:
        JobError: The job's folder was deleted or cannot be written.
    """
    if turn == own_turn(folder):
        withdraw_control(folder, TURN)
    else:
        _write_control(folder, TURN, json.dumps(turn))


def _read_turn(folder: Path) -> Turn | None:
    """The turn that a client has set. None if it is missing or invalid."""
    try:
        if not is_requested(folder, TURN):
            return None
        second, written_ns, name = read_json(folder / "control" / TURN)
    except (OSError, JobError, ValueError, TypeError):
        return None
    is_valid = isinstance(second, str) and type(written_ns) is int and isinstance(name, str)
    return (second, written_ns, name) if is_valid else None


def may_be_job(name: str) -> bool:
    """Whether a job's folder can have this name. Names without a text that can be shown belong to something else."""
    return name.isprintable() and not name.startswith((".", "worker."))


def _is_job(folder: Path) -> bool:
    try:
        is_folder = may_be_job(folder.name) and is_own_folder(folder)
        return is_folder and stat.S_ISREG(os.lstat(os.path.join(folder, "job.json")).st_mode)
    except (OSError, ValueError):  # for example no permission to enter the folder
        return False


def request_control(folder: Path, name: str) -> None:
    """Requests `cancel`, `pause` or `resume` from the worker. Repeated requests have no effect.

    Raises:
        JobError: The job's folder was deleted or cannot be written.
    """
    _write_control(folder, name, "")


def _write_control(folder: Path, name: str, text: str) -> None:
    try:
        (folder / "control").mkdir(exist_ok=True)
        if not is_own_folder(folder / "control"):
            raise NotADirectoryError(errno.ENOTDIR, "its control folder is a link")
        write_atomic(folder / "control" / name, text)
    except OSError as error:
        is_deleted = not os.path.lexists(folder)
        advice = "Check that it still exists" if is_deleted else "Remove its folder 'control', or check its permissions"
        raise JobError(
            f"Cannot write to the job's folder {folder}: {error.strerror or error}. {advice}.", code="files"
        ) from error


def withdraw_control(folder: Path, name: str) -> bool:
    """Withdraws a request; withdrawing `pause` continues the job. Returns whether the request existed."""
    if not is_requested(folder, name):
        return False
    (folder / "control" / name).unlink(missing_ok=True)
    return True


def is_requested(folder: Path | str, name: str) -> bool:
    """Whether the control folder has this file. A link or a folder with its name is no request."""
    try:
        is_file = stat.S_ISREG(os.lstat(os.path.join(folder, "control", name)).st_mode)
    except OSError:
        return False
    return is_file and is_own_folder(os.path.join(folder, "control"))
