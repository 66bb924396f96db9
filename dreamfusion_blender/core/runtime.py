"""The backend's environment that the add-on installs: its location, installation and removal.

The environment is in the user's data folder and shared by all Blender versions.
"""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from ..backend.errors import JobError, UserError
from ..backend.install import installer, lockfiles, python_download, pythons, torch_builds
from ..backend.jobs.lock import is_locked
from ..backend.jobs.reading import read_object
from . import paths
from .task import BackgroundTask
from .translate import tr


def folder() -> Path:
    return paths.data_folder() / "runtime"


def log() -> Path:
    """The log of the last installation."""
    return folder() / "pip.log"


def locks() -> Path:
    """The folder of lock files: `backend/locks` in the built extension, `requirements` in the source tree."""
    shipped = paths.backend_root() / "backend" / "locks"
    return shipped if shipped.exists() else paths.backend_root() / "requirements"


@dataclass(frozen=True)
class Offer:
    """What an installation on this computer would contain: PyTorch and `count` smaller packages."""

    version: str
    build: str
    count: int
    sources: tuple[str, ...]
    is_checked: bool  # the lock files have hashes for PyTorch too; the other packages always have them
    python: str = ""  # path of the Python that is used, if it is not Blender's own
    python_download: str = ""  # version of the Python that is downloaded, if this computer has no supported one
    problem: str = ""  # why no Python can be used


def _select_build(wanted: str, wheels: str) -> tuple[str, list[lockfiles.Step]]:
    """The build of PyTorch that would be installed, and its lock files."""
    machine = torch_builds.detect_machine()
    build = torch_builds.choose_build(wanted, Path(wheels) if wheels else None, machine)
    return build, lockfiles.steps(locks(), build, machine)


def offer(wanted: str = torch_builds.AUTOMATIC, wheels: str = "", python: str = "") -> Offer:
    """What would be installed for the chosen build, from the network or from a folder of wheels.

    Starts the Pythons that it finds, which takes a moment.
    """
    build, steps = _select_build(wanted, wheels)
    sources = (wheels,) if wheels else tuple(dict.fromkeys(step.source for step in steps))
    version = steps[-1].torch.partition("+")[0]
    count = sum(step.count for step in steps) - 1
    found = Offer(version, build, count, sources, all(step.is_checked for step in steps))
    try:
        choice = pythons.choose(python, Path(wheels) if wheels else None, installer.downloaded_pythons(folder()))
    except UserError as error:
        return replace(found, problem=str(error))
    if choice.python is None:
        sources = (*sources, python_download.SOURCE)
        return replace(found, python_download=pythons.dotted(choice.version), sources=sources)
    return found if choice.python == Path(sys.executable) else replace(found, python=str(choice.python))


def build_label(build: str) -> str:
    """The hardware that a build of PyTorch is for."""
    return {
        torch_builds.CPU: tr("for CPU"),
        torch_builds.CUDA: tr("for NVIDIA GPUs (CUDA)"),
        torch_builds.ROCM: tr("for AMD GPUs (ROCm)"),
        torch_builds.METAL: tr("for Apple GPUs (Metal)"),
    }.get(build, "")


def installed_python() -> str:
    """The Python of the installed environment, or an empty string if no complete one exists."""
    environment = folder() / "env"
    python = installer.environment_python(environment)
    return str(python) if (environment / "complete.json").exists() and python.exists() else ""


def installed_torch() -> tuple[str, str]:
    """Version and build of the installed PyTorch. Empty strings if unknown."""
    record = _read_record() or {}
    return str(record.get("torch", "")).partition("+")[0], str(record.get("build", ""))


def is_outdated(wanted: str = torch_builds.AUTOMATIC, wheels: str = "") -> bool:
    """Whether an installation now would use other lock files or another build of PyTorch."""
    record = _read_record()
    return record is not None and record.get("requirements") != lockfiles.identity(_select_build(wanted, wheels)[1])


def _read_record() -> dict[str, object] | None:
    """The installer's record of the environment, or None."""
    try:
        return read_object(folder() / "env" / "complete.json")
    except (OSError, JobError):
        return None


def remove() -> None:
    """Deletes the environment and the remains of interrupted installations.

    Raises:
        JobError: An installation is running, or the folder cannot be deleted.
    """
    if is_locked(folder() / "lock"):
        raise JobError("An installation is running. Cancel it first.")
    try:
        shutil.rmtree(folder())
    except FileNotFoundError:
        pass
    except OSError as error:
        reason = error.strerror or str(error)
        raise JobError(f"Cannot delete {folder()}: {reason}. Close the programs that use it.", code="files") from error


class Installation(BackgroundTask):
    """A running installation."""

    done_text = "The backend is installed."
    early_text = "The installation stopped"
    cancelled_text = "The installation was canceled."
    retry_text = "Install again to continue."

    def __init__(
        self,
        wheels: str = "",
        probe: str = installer.PROBE,
        wanted: str = torch_builds.AUTOMATIC,
        python: str = "",
    ) -> None:
        """Starts the installation, with the Python at this path or the best one on this computer.

        Raises:
            JobError: The installer cannot be started.
        """
        arguments = ["-m", "backend.install.installer", "--root", str(folder()), "--locks", str(locks())]
        arguments += ["--probe", probe, "--build", _select_build(wanted, wheels)[0], "--python", python]
        if wheels:
            arguments += ["--wheels", wheels]
        super().__init__(sys.executable, arguments)
