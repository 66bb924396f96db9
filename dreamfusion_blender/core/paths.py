"""Where things are: the backend's code, its Python, and the folder of the jobs."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from ..backend import places
from ..backend.places import data_folder


def backend_root() -> Path:
    """The folder that holds `backend/`: the worker's working directory."""
    return Path(places.__file__).resolve().parent.parent


def default_jobs_folder(environ: Mapping[str, str] = os.environ) -> str:
    """`DREAMFUSION_JOBS`, or `jobs` in the user's data folder."""
    return environ.get("DREAMFUSION_JOBS") or str(data_folder(environ) / "jobs")


def default_python(environ: Mapping[str, str] = os.environ) -> str:
    """`DREAMFUSION_PYTHON`, or nothing: then the panel asks for it."""
    return environ.get("DREAMFUSION_PYTHON", "")


def python_problem(python: str) -> str:
    """One sentence about what is wrong with the path of the backend's Python; empty when nothing is.

    Looks at the file only; whether it can run the backend is for the check and for the worker's `hello` to say.
    """
    if not python.strip():
        return "The backend's Python is not set: install the backend, or choose its Python, in the preferences."
    path = Path(python)
    if path.is_dir():
        return f"The backend's Python, {python}, is a folder: choose the python program inside it in the preferences."
    if not path.is_file() and shutil.which(python) is None:
        return f"The backend's Python, {python}, does not exist: choose another one in the preferences."
    if path.is_file() and not os.access(path, os.X_OK):
        return f"The backend's Python, {python}, is not a program: choose another file in the preferences."
    return ""


def jobs_problem(jobs: str) -> str:
    """One sentence about why jobs cannot be written to the folder; empty when they can. Leaves nothing behind."""
    if not jobs.strip():
        return "The jobs folder is not set: choose one in the add-on's preferences."
    folder = Path(jobs)
    if not folder.is_absolute():
        return f"The jobs folder {jobs} is not a full path: choose another one in the preferences."
    nearest = next((f for f in (folder, *folder.parents) if f.exists()), folder)
    try:
        descriptor, name = tempfile.mkstemp(prefix=".probe-", dir=nearest)
        os.close(descriptor)
        os.unlink(name)
    except OSError as error:
        reason = error.strerror or str(error)
        return f"The jobs folder {jobs} cannot be written ({reason}): choose another one in the preferences."
    return ""
