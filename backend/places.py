"""The user's data folder, shared by all Blender versions and the command line."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from .errors import UserError


def data_folder(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """Returns the folder for jobs and models, which are large."""
    home = Path(environ.get("USERPROFILE" if platform == "win32" else "HOME") or _expanded(Path("~")))
    if platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "DreamFusion"
    if platform == "darwin":
        return home / "Library" / "Application Support" / "DreamFusion"
    return Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "dreamfusion"


def _expanded(path: Path) -> Path:
    """Raises UserError (code "setup") if the path begins with the home folder of a user that the system does not know."""
    try:
        return path.expanduser()
    except RuntimeError:
        raise UserError(
            f"The home folder of {path.parts[0]} is unknown. Set HOME, or DREAMFUSION_JOBS and DREAMFUSION_MODELS.",
            "setup",
        ) from None


def jobs_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Returns `DREAMFUSION_JOBS`, or else `jobs` in the data folder."""
    named = environ.get("DREAMFUSION_JOBS")
    return _expanded(Path(named)) if named else data_folder(environ) / "jobs"


def models_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Returns `DREAMFUSION_MODELS`, or else `models` in the data folder."""
    named = environ.get("DREAMFUSION_MODELS")
    return _expanded(Path(named)) if named else data_folder(environ) / "models"
