"""Downloads a supported Python with uv, for computers that have none.

Runs before anything is installed, so it needs the standard library only. uv verifies the hash of its downloads.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from ..errors import UserError
from ..jobs import variables
from . import causes, pythons, tool

SOURCE = "https://github.com/astral-sh/python-build-standalone"


def fetch(version: pythons.Version, folder: Path, lock: Path, log: Path) -> Path:
    """Downloads a Python into a folder. Returns its path.

    Args:
        lock: the lock file of uv, which is installed for this if it is missing.
        log: the output is appended here.

    Raises:
        UserError: the download failed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    uv = shutil.which("uv") or str(_install_uv(folder / "uv", version, lock, log))
    _run([uv, "python", "install", pythons.dotted(version), "--no-progress"], version, log, folder)
    python = pythons.find(version, folder)
    if python is None or folder not in python.parents:
        raise UserError(_explain(version, "the downloaded file does not run"))
    return python


def _install_uv(folder: Path, version: pythons.Version, lock: Path, log: Path) -> Path:
    """Installs uv into its own environment with this Python, whatever its version: uv is a program, not a module."""
    uv = folder / ("Scripts/uv.exe" if sys.platform == "win32" else "bin/uv")
    if not uv.exists():
        _run([sys.executable, "-m", "venv", "--clear", str(folder)], version, log)
        python = uv.with_name("python.exe" if sys.platform == "win32" else "python")
        _run(
            [*tool.pip_install(python), "--no-deps", "--only-binary=:all:", "--require-hashes", "-r", str(lock)],
            version,
            log,
        )
    return uv


def _run(command: Sequence[str], version: pythons.Version, log: Path, folder: Path | None = None) -> None:
    # Links and registry entries would make this Python visible to other programs.
    own = {"UV_PYTHON_INSTALL_DIR": str(folder), "UV_PYTHON_INSTALL_BIN": "0", "UV_PYTHON_INSTALL_REGISTRY": "0"}
    status, output = tool.run(command, log, {**variables.for_installer(), **(own if folder else {})})
    if status:
        cause = causes.find(status, output)
        raise UserError(
            _explain(version, causes.explain(cause, output, log.parent) if cause else causes.last_words(output))
        )


def _explain(version: pythons.Version, reason: str) -> str:
    own = pythons.dotted((sys.version_info[0], sys.version_info[1]))
    return (
        f"This Blender's Python {own} cannot create the environment, and Python {pythons.dotted(version)} could not be "
        f"downloaded ({reason}). Install {pythons.listed(pythons.SUPPORTED)}, for example from python.org, then install "
        f"again or choose its file under {pythons.FIELD} in the preferences."
    )
