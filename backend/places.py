"""The user's data folder, shared by all Blender versions and the command line."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path


def data_folder(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """Returns the folder for jobs and models, which are large."""
    home = Path(environ.get("USERPROFILE" if platform == "win32" else "HOME") or Path.home())
    if platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "DreamFusion"
    if platform == "darwin":
        return home / "Library" / "Application Support" / "DreamFusion"
    return Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "dreamfusion"


def jobs_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Returns `DREAMFUSION_JOBS`, or else `jobs` in the data folder."""
    named = environ.get("DREAMFUSION_JOBS")
    return Path(named).expanduser() if named else data_folder(environ) / "jobs"


def models_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Returns `DREAMFUSION_MODELS`, or else `models` in the data folder."""
    named = environ.get("DREAMFUSION_MODELS")
    return Path(named).expanduser() if named else data_folder(environ) / "models"
