"""The backend's environment as the add-on installs it: where it lies, how its installation is going, its removal.

It lies in the user's data folder, one for all Blender versions: what one Blender has installed, another adopts.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ..backend import contract, installer
from . import paths, process


@dataclass(frozen=True)
class Progress:
    """How an installation stands. `fraction` is None once it is over."""

    message: str
    fraction: float | None
    is_good: bool = True


def folder() -> Path:
    return paths.data_folder() / "runtime"


def requirements() -> Path:
    """In the zip they lie beside the backend, in the source tree in a folder of their own."""
    shipped = paths.backend_root() / "backend" / "requirements.txt"
    return shipped if shipped.exists() else paths.backend_root() / "requirements" / "backend.txt"


def installed_python() -> str:
    """The Python of the installed environment, or nothing when there is none that is complete."""
    environment = folder() / "env"
    python = installer.environment_python(environment)
    return str(python) if (environment / "complete.json").exists() and python.exists() else ""


def is_outdated() -> bool:
    """Whether what is installed was made from another list of requirements than this add-on's."""
    try:
        facts = json.loads((folder() / "env" / "complete.json").read_text(encoding="utf-8"))
        return bool(facts.get("requirements") != installer.identity(requirements()))
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


class Installation:
    """A running installation. `poll` tells how it stands; it never blocks and never raises."""

    def __init__(self, wheels: str = "", probe: str = installer.PROBE) -> None:
        """
        Raises:
            contract.JobError: it cannot be started.
        """
        self._output = Path(tempfile.mkdtemp(prefix="dreamfusion-install-"))
        self.progress = Progress("Starting", 0.0)
        arguments = ["-m", "backend.installer", "--root", str(folder()), "--requirements", str(requirements())]
        arguments += ["--probe", probe]
        if wheels:
            arguments += ["--wheels", wheels]
        errors = self._output / "errors.txt"
        self._child = process.Child(
            sys.executable, arguments, paths.backend_root(), self._output / "progress.jsonl", errors=errors
        )

    @property
    def is_running(self) -> bool:
        return self.progress.fraction is not None

    def poll(self) -> Progress:
        if not self.is_running:
            return self.progress
        status = self._child.exit_status  # asked before reading: what it said last is not missed
        last = self._last_line()
        if last.get("phase") == "error":
            self._finish(Progress(str(last.get("message")), None, is_good=False))
        elif status is None:
            if last:
                self.progress = Progress(str(last.get("message")), _fraction(last.get("fraction")))
        elif last.get("phase") == "done":
            self._finish(Progress("The backend is installed.", None))
        else:
            said = process.read_tail(self._output / "errors.txt").strip().splitlines()
            reason = f": {said[-1][:200]}" if said else ""
            self._finish(
                Progress(f"The installation ended early{reason}. Install again to go on with it.", None, is_good=False)
            )
        return self.progress

    def cancel(self) -> None:
        """Ends it; what was fetched stays, and installing again goes on from there."""
        self._child.kill()
        self._child.wait(3.0)
        if self.is_running:
            self._finish(
                Progress("The installation was cancelled. Install again to go on with it.", None, is_good=False)
            )

    def _last_line(self) -> dict[str, object]:
        for line in reversed(self._child.text(1 << 12).splitlines()):
            try:
                found = json.loads(line)
            except ValueError:
                continue
            if isinstance(found, dict):
                return found
        return {}

    def _finish(self, progress: Progress) -> None:
        self.progress = progress
        shutil.rmtree(self._output, ignore_errors=True)


def _fraction(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0
