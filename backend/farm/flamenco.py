"""Jobs as a job of the farm manager Flamenco 3: one task for each, then one that puts the objects into a Blender file.

The requests follow Flamenco's OpenAPI description, https://flamenco.blender.org/development/api/.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..errors import UserError
from ..jobs.files import write_atomic
from ..jobs.launch import BACKEND_ROOT

JOB_TYPE = "dreamfusion-batch"  # the name of the script, which is the name of the job type
SCRIPT = Path(__file__).with_name(f"{JOB_TYPE}.js")
PRIORITY = 50  # Flamenco's default
TIMEOUT_S = 5.0
MOST_BYTES = 1 << 20  # of an answer
PLATFORMS = {"win32": "windows", "darwin": "darwin"}  # others are Linux


def describe(name: str, jobs: Path, names: Sequence[str], python: str, blend: Path) -> dict[str, Any]:
    """The job, as Flamenco's `SubmittedJob`. Writes the list of its objects beside them.

    Args:
        name: of the job in Flamenco.
        jobs: the jobs folder, on storage that all workers share.
        names: the jobs in it.
        python: of the backend, on the workers.
        blend: the Blender file to save.

    Raises:
        UserError: The list cannot be written.
    """
    digest = hashlib.sha256("\n".join(names).encode()).hexdigest()[:12]
    list_file = jobs / f"flamenco-{digest}.json"
    _write(list_file, json.dumps({"jobs": list(names), "blend": blend.as_posix()}, ensure_ascii=False))
    return {
        "name": name,
        "type": JOB_TYPE,
        "priority": PRIORITY,
        "submitter_platform": PLATFORMS.get(sys.platform, "linux"),
        "settings": {
            "job_names": "\n".join(names),
            "jobs_folder": jobs.as_posix(),
            "jobs_per_task": 1,
            "python": python,
            "backend": BACKEND_ROOT.as_posix(),
            "list_file": list_file.as_posix(),
            "blender": "{blender}",
            "task_type": "misc",
        },
        "metadata": {"project": "DreamFusion"},
    }


def export(folder: Path, job: dict[str, Any]) -> None:
    """Writes the script of the job type, and the job as `job.json`, to a folder.

    Raises:
        UserError: The folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(SCRIPT, folder / SCRIPT.name)
    except OSError as error:
        raise UserError(f"Cannot write to {folder}: {error.strerror}. Choose another folder.", "files") from error
    _write(folder / "job.json", json.dumps(job, indent=2, ensure_ascii=False) + "\n")


def submit(address: str, job: dict[str, Any]) -> str:
    """Submits a job to a Manager. Returns the address of its page.

    Raises:
        UserError: There is no Manager at the address, or it refuses the job.
    """
    manager = check(address)
    answer = _ask(manager, "/api/v3/jobs", job)
    return f"{manager}/app/jobs/{answer.get('id', '')}"


def check(address: str) -> str:
    """The address of a Manager that knows the job type, without a slash at its end.

    Raises:
        UserError: No Manager answers at the address, or it does not know the job type.
    """
    manager = address.strip().rstrip("/")
    if urlsplit(manager).scheme not in ("http", "https") or not urlsplit(manager).netloc:
        raise UserError(
            f'"{address[:80]}" is not the address of a Flamenco Manager. Enter one like http://manager:8080.'
        )
    if "version" not in _ask(manager, "/api/v3/version"):
        raise UserError(f"The server at {manager} is not a Flamenco Manager. Correct the address.")
    try:
        _ask(manager, f"/api/v3/jobs/type/{JOB_TYPE}")
    except _Refused as error:
        if error.status != 404:
            raise
        raise UserError(
            f"Flamenco does not know the job type {JOB_TYPE}. Copy {SCRIPT} into the folder 'scripts' next to flamenco-manager, "
            "and restart it."
        ) from error
    return manager


class _Refused(UserError):
    """The Manager answers with an error."""

    status = 0


def _ask(manager: str, path: str, content: dict[str, Any] | None = None) -> dict[str, Any]:
    """The answer to a GET request, or to a POST request with `content`."""
    data = None if content is None else json.dumps(content).encode()
    request = urllib.request.Request(
        manager + path, data, {"Content-Type": "application/json", "Accept": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
            text = answer.read(MOST_BYTES)
    except urllib.error.HTTPError as error:
        refused = _Refused(
            f"Flamenco refused the request: {_message_of(error)}. Correct the job, or the Manager's setup."
        )
        refused.status = error.code
        raise refused from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise UserError(
            f"Cannot reach Flamenco at {manager}: {reason}. Check the address, and that the Manager is running."
        ) from error
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise UserError(f"The server at {manager} is not a Flamenco Manager. Correct the address.")
    return found


def _message_of(error: urllib.error.HTTPError) -> str:
    """The message in an error of the Manager (`Error` in its description)."""
    try:
        return str(json.loads(error.read(MOST_BYTES))["message"]).strip().rstrip(".")
    except (ValueError, KeyError, TypeError, OSError):
        return f"{error.code} {error.reason}"


def _write(file: Path, text: str) -> None:
    try:
        write_atomic(file, text)
    except OSError as error:
        raise UserError(f"Cannot write {file}: {error.strerror}. Choose another folder.", "files") from error
