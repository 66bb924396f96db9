"""The backend's environment as the add-on installs it: where it lies, how its installation is going, its removal.

It lies in the user's data folder, one for all Blender versions: what one Blender has installed, another adopts.
"""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from ..backend.errors import JobError
from ..backend.install import installer, lockfiles, torch_builds
from ..backend.jobs.lock import is_locked
from . import paths
from .task import BackgroundTask
from .translate import tr


def folder() -> Path:
    return paths.data_folder() / "runtime"


def locks() -> Path:
    """The folder of the lists of what is installed: beside the backend in the zip, on its own in the source tree."""
    shipped = paths.backend_root() / "backend" / "locks"
    return shipped if shipped.exists() else paths.backend_root() / "requirements"


@dataclass(frozen=True)
class Offer:
    """What would be installed on this machine: PyTorch in this build, and `count` smaller packages beside it."""

    version: str
    build: str
    count: int
    sources: tuple[str, ...]
    is_checked: bool  # every file by a hash of the lists; otherwise all but PyTorch's own


def _chosen(wanted: str, wheels: str) -> tuple[str, list[lockfiles.Step]]:
    """The build of PyTorch that an installation would bring, and its lists."""
    machine = torch_builds.detect_machine()
    build = torch_builds.choose_build(wanted, Path(wheels) if wheels else None, machine)
    return build, lockfiles.steps(locks(), build, machine)


def offer(wanted: str = torch_builds.AUTOMATIC, wheels: str = "") -> Offer:
    """What an installation would bring, from the network or from a folder of wheels, when this build is wanted."""
    build, steps = _chosen(wanted, wheels)
    sources = (wheels,) if wheels else tuple(dict.fromkeys(step.source for step in steps))
    version = steps[-1].torch.partition("+")[0]
    count = sum(step.count for step in steps) - 1
    return Offer(version, build, count, sources, all(step.is_checked for step in steps))


def build_words(build: str) -> str:
    """What a build of PyTorch is for."""
    return {
        torch_builds.CPU: tr("for processors"),
        torch_builds.CUDA: tr("for NVIDIA's cards (CUDA)"),
        torch_builds.ROCM: tr("for AMD's cards (ROCm)"),
        torch_builds.METAL: tr("for Apple's GPUs (Metal)"),
    }.get(build, "")


def installed_python() -> str:
    """The Python of the installed environment, or nothing when there is none that is complete."""
    environment = folder() / "env"
    python = installer.environment_python(environment)
    return str(python) if (environment / "complete.json").exists() and python.exists() else ""


def installed_torch() -> tuple[str, str]:
    """The version of the installed PyTorch and its build, as it was noted when it was installed; empty where it was not."""
    facts = _facts() or {}
    return str(facts.get("torch", "")).partition("+")[0], str(facts.get("build", ""))


def is_outdated(wanted: str = torch_builds.AUTOMATIC, wheels: str = "") -> bool:
    """Whether what is installed was made from other lists of packages, or is another build, than would be installed now."""
    facts = _facts()
    return facts is not None and facts.get("requirements") != lockfiles.identity(_chosen(wanted, wheels)[1])


def _facts() -> dict[str, object] | None:
    """What the installed environment was made from, None when there is none."""
    try:
        found = json.loads((folder() / "env" / "complete.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def remove() -> None:
    """Deletes the environment and what interrupted installations have left.

    Raises:
        JobError: an installation is under way, or the folder cannot be deleted.
    """
    if is_locked(folder() / "lock"):
        raise JobError("An installation is under way: cancel it first.")
    try:
        shutil.rmtree(folder())
    except FileNotFoundError:
        pass
    except OSError as error:
        raise JobError(f"{folder()} cannot be deleted ({error.strerror or error}): see what uses it.") from error


class Installation(BackgroundTask):
    """A running installation."""

    done_text = "The backend is installed."
    early_text = "The installation ended early"
    cancelled_text = "The installation was cancelled."
    retry_text = "Install again to go on with it."

    def __init__(self, wheels: str = "", probe: str = installer.PROBE, wanted: str = torch_builds.AUTOMATIC) -> None:
        """
        Raises:
            JobError: it cannot be started.
        """
        arguments = ["-m", "backend.install.installer", "--root", str(folder()), "--locks", str(locks())]
        arguments += ["--probe", probe, "--build", _chosen(wanted, wheels)[0]]
        if wheels:
            arguments += ["--wheels", wheels]
        super().__init__(sys.executable, arguments)
