"""The backend's environment as the add-on installs it: where it lies, how its installation is going, its removal.

It lies in the user's data folder, one for all Blender versions: what one Blender has installed, another adopts.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from ..backend import contract, installer, locked
from . import paths
from .errand import Errand
from .errand import Progress as Progress


def folder() -> Path:
    return paths.data_folder() / "runtime"


def locks() -> Path:
    """The folder of the lists of what is installed: beside the backend in the zip, on its own in the source tree."""
    shipped = paths.backend_root() / "backend" / "locks"
    return shipped if shipped.exists() else paths.backend_root() / "requirements"


def installed_python() -> str:
    """The Python of the installed environment, or nothing when there is none that is complete."""
    environment = folder() / "env"
    python = installer.environment_python(environment)
    return str(python) if (environment / "complete.json").exists() and python.exists() else ""


def is_outdated() -> bool:
    """Whether what is installed was made from other lists of packages than this add-on's."""
    try:
        facts = json.loads((folder() / "env" / "complete.json").read_text(encoding="utf-8"))
        return bool(facts.get("requirements") != locked.identity(locks()))
    except (OSError, ValueError, AttributeError):
        return False


def remove() -> None:
    """Deletes the environment and what interrupted installations have left.

    Raises:
        contract.JobError: an installation is under way, or the folder cannot be deleted.
    """
    if contract.is_locked(folder() / "lock"):
        raise contract.JobError("An installation is under way: cancel it first.")
    try:
        shutil.rmtree(folder())
    except FileNotFoundError:
        pass
    except OSError as error:
        raise contract.JobError(
            f"{folder()} cannot be deleted ({error.strerror or error}): see what uses it."
        ) from error


class Installation(Errand):
    """A running installation."""

    done_words = "The backend is installed."
    early_words = "The installation ended early"
    cancelled_words = "The installation was cancelled."
    again_words = "Install again to go on with it."

    def __init__(self, wheels: str = "", probe: str = installer.PROBE) -> None:
        """
        Raises:
            contract.JobError: it cannot be started.
        """
        arguments = ["-m", "backend.installer", "--root", str(folder()), "--locks", str(locks())]
        arguments += ["--probe", probe]
        if wheels:
            arguments += ["--wheels", wheels]
        super().__init__(sys.executable, arguments)
