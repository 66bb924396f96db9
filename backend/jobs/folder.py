"""The job folder: created, listed, and controlled through `control/`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from ..errors import JobError
from .files import write_atomic
from .request import SCHEMA, JobRequest, parse_job


def create_job_folder(jobs: Path, request: JobRequest, notes: Mapping[str, str] | None = None) -> Path:
    """Makes the job's folder with its request in it; job.json comes last, so a worker never sees half a job.

    Args:
        notes: texts of other files that shall be there by then.

    Raises:
        JobError: the folder cannot be written.
    """
    folder = Path(jobs) / request.id
    try:
        (folder / "control").mkdir(parents=True)
        for name in ("checkpoints", "previews", "asset"):
            (folder / name).mkdir()
        for name, note in (notes or {}).items():
            write_atomic(folder / name, note)
        text = json.dumps({"schema": SCHEMA, **asdict(request)}, indent=2, ensure_ascii=False)
        write_atomic(folder / "job.json", text + "\n")
    except OSError as error:
        raise JobError(
            f"The jobs folder {jobs} cannot be written ({error.strerror or error}): choose another one in the preferences.",
            code="jobs",
        ) from error
    return folder


def read_job(folder: Path) -> JobRequest:
    """The request in a job's folder.

    Raises:
        JobError: there is none, or it cannot be read.
    """
    try:
        raw = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise JobError(f"{folder} holds no job.json: it is not a job's folder.") from error
    except (OSError, ValueError) as error:
        raise JobError(f"{folder / 'job.json'} cannot be read ({error}): start a new job.") from error
    if not isinstance(raw, dict):
        raise JobError(f"{folder / 'job.json'} holds no request: start a new job.")
    return parse_job(raw)


def list_jobs(jobs: Path) -> list[Path]:
    """The folders of all jobs, oldest first."""
    try:
        found = [
            (p.name[:15], (p / "job.json").stat().st_mtime_ns, p.name, p) for p in Path(jobs).iterdir() if _is_job(p)
        ]
    except OSError:
        return []
    # Names begin with the second in which the job was asked for; within one second the file's time tells.
    return [folder for *_, folder in sorted(found)]


def _is_job(folder: Path) -> bool:
    try:
        return (folder / "job.json").is_file()
    except OSError:  # a folder that may not be looked into is none of ours
        return False


def request_control(folder: Path, name: str) -> None:
    """Asks the worker for `cancel`, `pause` or `resume`. Asking twice is asking once.

    Raises:
        JobError: the job's folder is gone or cannot be written.
    """
    try:
        (folder / "control").mkdir(exist_ok=True)
        write_atomic(folder / "control" / name, "")
    except OSError as error:
        raise JobError(
            f"The job's folder {folder} cannot be written ({error.strerror or error}): see whether it is still there."
        ) from error


def withdraw_control(folder: Path, name: str) -> bool:
    """Takes a request back (the end of `pause` is its withdrawal). True if it was there."""
    try:
        (folder / "control" / name).unlink()
        return True
    except FileNotFoundError:
        return False


def is_requested(folder: Path, name: str) -> bool:
    return (folder / "control" / name).exists()
