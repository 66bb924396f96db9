"""Finds installed versions of Python, and the one that the backend's environment is made with.

Runs before anything is installed, so it needs the standard library only.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import UserError
from ..jobs import variables
from ..jobs.launch import NO_WINDOW

Version = tuple[int, int]

# The lock files have wheels for these versions, the best one first.
SUPPORTED: tuple[Version, ...] = ((3, 13), (3, 11))
FIELD = "Python for the Installation"  # the field in the preferences
LIMIT_S = 20.0  # for a Python that does not answer


@dataclass(frozen=True)
class Choice:
    """The Python for an installation. `python` is None if it must be downloaded first."""

    version: Version
    python: Path | None = None


def dotted(version: Version) -> str:
    return f"{version[0]}.{version[1]}"


def listed(versions: Sequence[Version]) -> str:
    """Formats `Python 3.13 or 3.11`."""
    return f"Python {' or '.join(map(dotted, versions))}"


def choose(preferred: str, wheels: Path | None, downloaded: Path) -> Choice:
    """Returns the Python to install with: the preferred one, the current one, another one on this computer, or a download.

    Args:
        preferred: the path that the user chose, or an empty string.
        wheels: a folder of wheels to install from, or None for the network.
        downloaded: the folder of Pythons that an earlier installation downloaded.

    Raises:
        UserError: no supported Python can be used.
    """
    versions = versions_for(wheels)
    if preferred:
        return Choice(_check(preferred, versions), Path(preferred))
    own = (sys.version_info[0], sys.version_info[1])
    for version in sorted(versions, key=lambda version: version != own):  # the current one first
        if python := find(version, downloaded):
            return Choice(version, python)
    if wheels is None:
        return Choice(versions[0])
    raise UserError(
        f"The packages in {wheels} need {listed(versions)}, which was not found on this computer. "
        f"Install it, or choose its file under {FIELD} in the preferences."
    )


def versions_for(wheels: Path | None) -> tuple[Version, ...]:
    """The supported versions; for a folder of wheels, only those that it has wheels for."""
    names = [file.name for file in wheels.glob("*.whl")] if wheels is not None else []
    tags = {int(found[1]) for name in names if (found := re.search(r"-cp3(\d+)-cp3\1t?-", name))}
    return tuple(version for version in SUPPORTED if version[1] in tags) or SUPPORTED


def _check(python: str, versions: Sequence[Version]) -> Version:
    """The version of a Python that the user chose.

    Raises:
        UserError: it cannot be used.
    """
    choose_other = f"Choose {listed(versions)} under {FIELD} in the preferences, or leave that field empty."
    if Path(python).is_dir():
        raise UserError(f"{python} is a folder, not a Python program. {choose_other}")
    version = version_of(Path(python))
    if version is None:
        raise UserError(f"{python} does not run as Python. {choose_other}")
    if version not in versions:
        raise UserError(f"{python} is Python {dotted(version)}, which is not supported. {choose_other}")
    if not is_usable(Path(python), version):
        raise UserError(
            f"{python} has no modules venv and ensurepip. Install them, or choose another one. {choose_other}"
        )
    return version


def find(version: Version, downloaded: Path | None = None) -> Path | None:
    """A Python of this version that can create environments, or None. Starts the Pythons that it finds."""
    seen = set()
    for python in _candidates(version, downloaded):
        if python not in seen and is_usable(python, version):
            return python
        seen.add(python)
    return None


def is_usable(python: Path, version: Version) -> bool:
    """Whether this file runs, has this version, and can create environments."""
    # A file with the right name can be a pyenv shim for a missing version, or lack Debian's venv module. uv needs neither module.
    modules = "sys" if shutil.which("uv") else "sys, venv, ensurepip"
    return version_of(python, modules) == version


def version_of(python: Path, modules: str = "sys") -> Version | None:
    """The version of a Python, or None if it does not run or lacks one of the modules."""
    probe = f"import {modules}; print(*sys.version_info[:2])"
    try:
        done = subprocess.run(
            [str(python), "-c", probe],
            env=variables.for_child(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=LIMIT_S,
            creationflags=NO_WINDOW,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.fullmatch(r"(\d+) (\d+)", done.stdout.strip())
    return (int(found[1]), int(found[2])) if found and done.returncode == 0 else None


def _candidates(version: Version, downloaded: Path | None) -> Iterator[Path]:
    if sys.version_info[:2] == version:
        yield Path(sys.executable)
    if downloaded is not None:
        yield from _managed(downloaded, version)
    for name in (f"python{dotted(version)}", "python3", "python"):
        if named := shutil.which(name):
            yield Path(named)
    yield from _windows(version) if sys.platform == "win32" else _unix(version)


def _managed(folder: Path, version: Version) -> Iterator[Path]:
    """Pythons in uv's layout, the newest first."""
    name = "python.exe" if sys.platform == "win32" else f"bin/python{dotted(version)}"
    yield from _newest(folder, f"cpython-{dotted(version)}.*/{name}")


def _newest(folder: Path, pattern: str) -> Iterator[Path]:
    """The files of a pattern, with 3.11.12 before 3.11.9."""

    def numbers(path: Path) -> list[int]:
        return [int(n) for n in re.findall(r"\d+", str(path.relative_to(folder)))]

    yield from sorted(folder.glob(pattern), key=numbers, reverse=True)


def _windows(version: Version) -> Iterator[Path]:
    home, short = Path.home(), f"{version[0]}{version[1]}"
    if launcher := shutil.which("py"):
        command = [launcher, f"-{dotted(version)}", "-c", "import sys; print(sys.executable)"]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", creationflags=NO_WINDOW)
        if done.returncode == 0:
            yield Path(done.stdout.strip())
    local = Path(os.environ.get("LOCALAPPDATA") or home / "AppData/Local")
    roaming = Path(os.environ.get("APPDATA") or home / "AppData/Roaming")
    yield local / f"Programs/Python/Python{short}/python.exe"
    yield from _managed(Path(os.environ.get("UV_PYTHON_INSTALL_DIR") or roaming / "uv/python"), version)
    yield from _newest(home / ".pyenv/pyenv-win/versions", f"{dotted(version)}.*/python.exe")


def _unix(version: Version) -> Iterator[Path]:
    # Programs that are started from a desktop often have a short PATH.
    home, name = Path.home(), f"python{dotted(version)}"
    data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local/share")
    homebrew = os.environ.get("HOMEBREW_PREFIX") or "/opt/homebrew"
    for folder in ("/usr", "/usr/local", homebrew):
        yield Path(folder) / "bin" / name
    yield Path(f"/Library/Frameworks/Python.framework/Versions/{dotted(version)}/bin/{name}")
    yield home / ".local/bin" / name
    yield from _managed(Path(os.environ.get("UV_PYTHON_INSTALL_DIR") or data / "uv/python"), version)
    pyenv = Path(os.environ.get("PYENV_ROOT") or home / ".pyenv")
    for installs in (pyenv / "versions", home / ".asdf/installs/python", data / "mise/installs/python"):
        yield from _newest(installs, f"{dotted(version)}.*/bin/{name}")
