"""Paths of the backend's code, its Python and the jobs folder, and their validation."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from ..backend.jobs.launch import BACKEND_ROOT
from ..backend.places import data_folder, jobs_folder


def backend_root() -> Path:
    """The folder that holds the package `backend`, the worker's working directory."""
    return BACKEND_ROOT


def default_jobs_folder(environ: Mapping[str, str] = os.environ) -> str:
    """The value of `DREAMFUSION_JOBS`, or `jobs` in the user's data folder."""
    return str(jobs_folder(environ))


def textures_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """The folder of the textures of imported objects. They outlive their jobs: exported files refer to them."""
    return data_folder(environ) / "textures"


def default_python(environ: Mapping[str, str] = os.environ) -> str:
    """The value of `DREAMFUSION_PYTHON`; empty if it is not set."""
    return environ.get("DREAMFUSION_PYTHON", "")


def python_problem(python: str) -> str:
    """Why this path cannot be the backend's Python, for the user; empty if nothing is wrong.

    Tests the file only. Whether this Python can run the backend is up to the check and the worker's `hello`.
    """
    if not python.strip():
        return "The backend's Python is not set. Install the backend or choose its Python in the preferences."
    path = Path(python)
    if path.is_dir():
        return f"The backend's Python {python} is a folder. Choose the python program inside it in the preferences."
    if not path.is_file() and shutil.which(python) is None:
        return f"The backend's Python {python} does not exist. Choose another one in the preferences."
    if path.is_file() and not os.access(path, os.X_OK):
        return f"The backend's Python {python} is not a program. Choose another file in the preferences."
    return ""


def jobs_problem(jobs: str) -> str:
    """Why jobs cannot be written to this folder, for the user; empty if they can. Creates no folder."""
    if not jobs.strip():
        return "The jobs folder is not set. Choose one in the preferences."
    folder = Path(jobs)
    if not folder.is_absolute():
        return f"The jobs folder {jobs} is not an absolute path. Choose another folder in the preferences."
    nearest = next((f for f in (folder, *folder.parents) if f.exists()), folder)
    try:
        descriptor, name = tempfile.mkstemp(prefix=".probe-", dir=nearest)
        os.close(descriptor)
        os.unlink(name)
    except OSError as error:
        reason = error.strerror or str(error)
        return f"Cannot write to the jobs folder {jobs}: {reason}. Choose another folder in the preferences."
    return ""
