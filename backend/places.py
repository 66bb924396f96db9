"""Where the user's data lies: one folder for all Blender versions and for the command line."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path


def data_folder(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """The user's own data folder for this project: jobs and models are large, and shared."""
    home = Path(environ.get("USERPROFILE" if platform == "win32" else "HOME") or Path.home())
    if platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "DreamFusion"
    if platform == "darwin":
        return home / "Library" / "Application Support" / "DreamFusion"
    return Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "dreamfusion"


def models_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """`DREAMFUSION_MODELS`, or `models` in the user's data folder."""
    named = environ.get("DREAMFUSION_MODELS")
    return Path(named).expanduser() if named else data_folder(environ) / "models"
