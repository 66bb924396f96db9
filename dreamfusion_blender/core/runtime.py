"""The backend's environment as the add-on installs it: where it lies, how its installation is going, its removal.

It lies in the user's data folder, one for all Blender versions: what one Blender has installed, another adopts.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Offer:
    """What would be installed on this machine. `build` of PyTorch: cpu, cuda or metal; `count` smaller packages beside it."""

    version: str
    build: str
    count: int


def offer(wheels: str = "") -> Offer:
    """What an installation would bring, from the network or from a folder of wheels."""
    steps = locked.steps(locks(), Path(wheels) if wheels else None)
    torch = steps[-1].lock
    named = re.search(r"^torch==([^\s+]+)", torch.read_text(encoding="utf-8"), re.M)
    # What PyPI has for Windows knows no cards, and for macOS it knows Apple's.
    is_plain = torch.name == locked.TORCH_CPU or sys.platform == "win32"
    build = "cpu" if is_plain else "metal" if sys.platform == "darwin" else "cuda"
    return Offer(named[1] if named else "", build, sum(step.count for step in steps) - 1)


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
