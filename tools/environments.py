"""The virtual environments in `.env/`: one for the backend, and one for each version of Blender.

The stamp `complete.json` is written last. It holds the version of Python, the folder and the hash of each requirements
file. `ensure` repairs an environment without a stamp, updates it after a change of its requirements, and makes it again
after the checkout was moved (virtual environments contain absolute paths) or for another version of Python.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from backend.errors import JobError
from backend.install import causes, tool
from backend.jobs import variables
from backend.jobs.lock import FolderLock

from .common import REPO, Failed, clean_environment, last_lines, say

# Each version of Blender supports one version of Python. Tests and demo use the LTS version for the current Python.
PYTHON_OF = {"4.2": (3, 11), "4.5": (3, 11), "5.0": (3, 11), "5.1": (3, 13), "5.2": (3, 13)}
LONG_TERM = {(3, 11): "4.5", (3, 13): "5.2"}
BLENDER_LIBRARIES = "libegl1 libgl1 libice6 libsm6 libxfixes3 libxi6 libxkbcommon0 libxrender1 libxxf86vm1"


@dataclass(frozen=True)
class Environment:
    """A virtual environment and its requirements."""

    folder: Path
    title: str
    requirements: dict[str, Path]  # part -> file; the first part is required
    probe: str  # a statement that runs without an error in a complete environment
    hint: str = ""  # for the error message, if the probe fails
    base: Path = Path(sys.executable)  # the Python that creates it
    version: tuple[int, ...] = tuple(sys.version_info[:2])  # the version of `base`
    room_gb: float = 0.0  # free space for a new one, with its downloads

    @property
    def python(self) -> Path:
        """The path of the environment's Python."""
        return self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    @property
    def stamp(self) -> Path:
        """The file that marks the environment as complete."""
        return self.folder / "complete.json"

    def beside(self, suffix: str) -> Path:
        """A file next to the folder. (`Path.with_suffix` would cut the name blender-4.2.)"""
        return self.folder.with_name(self.folder.name + suffix)


def backend_environment(root: Path = REPO) -> Environment:
    """The environment of the backend; its part `batch` has Ray, its part `dev` the tools for tests and checks."""
    return Environment(
        folder=root / ".env" / "backend",
        title="the backend's environment (PyTorch; about 1 GB on a computer without a GPU)",
        requirements={
            "runtime": root / "requirements/backend.txt",
            "batch": root / "requirements/batch.txt",
            "dev": root / "requirements/dev.txt",
        },
        probe="import torch, diffusers, transformers, trimesh",
        room_gb=3.0,
    )


def docs_environment(root: Path = REPO) -> Environment:
    """The environment of the documentation site's generator."""
    return Environment(
        folder=root / ".env" / "docs",
        title="the environment of the documentation site (about 170 MB)",
        requirements={"runtime": root / "requirements/docs.txt"},
        probe="import mkdocs, material",
        room_gb=0.5,
    )


def own_blender() -> str:
    """The LTS version of Blender for the current Python."""
    return LONG_TERM[sys.version_info[0], sys.version_info[1]]


def blender_environment(blender: str = "", python: Path = Path(sys.executable), root: Path = REPO) -> Environment:
    """The environment of a version of Blender (default: `own_blender()`).

    Args:
        python: creates the environment; its version must be the one that this Blender needs.
    """
    version = blender or own_blender()
    return Environment(
        folder=root / ".env" / ("blender" if version == own_blender() else f"blender-{version}"),
        title=f"the environment of Blender {version} (the bpy package; about 400 MB to download)",
        requirements={"runtime": root / f"requirements/blender-{version}.txt"},
        probe="import bpy",
        hint=f"On Debian or Ubuntu, install its system libraries: apt-get install {BLENDER_LIBRARIES}",
        base=python,
        room_gb=2.0,
        version=PYTHON_OF[version],
    )


def ensure(environment: Environment, parts: Iterable[str] = ()) -> Path:
    """Sets up the environment with its first part and `parts`, unless it is complete; returns the path of its Python.

    Raises:
        Failed: the setup failed. The message gives the reason and the path of the log.
    """
    wanted = [next(iter(environment.requirements)), *parts]
    if _lacks(environment, wanted):
        try:
            _set_up(environment, wanted)
        except (OSError, JobError) as error:
            reason = getattr(error, "strerror", None) or error
            raise Failed(
                f"Cannot set up {environment.title} in {environment.folder}: {reason}. "
                "Run this command once as a user who can write there, or use a copy of the checkout of your own."
            ) from error
    return environment.python


def _set_up(environment: Environment, wanted: list[str]) -> None:
    """Raises OSError or JobError if a file cannot be written."""
    environment.folder.parent.mkdir(parents=True, exist_ok=True)
    environment.folder.parent.joinpath(f".probe-{os.getpid()}").touch()
    environment.folder.parent.joinpath(f".probe-{os.getpid()}").unlink()
    lock = FolderLock(environment.beside(".lock"))
    if not lock.acquire():
        say(f"Waiting for another build.py that sets up {environment.title} ...")
        lock.acquire(patience_s=3600)
    try:
        if _lacks(environment, wanted):
            _make(environment, wanted)
    finally:
        lock.release()


def _identity(environment: Environment) -> dict[str, str]:
    return {"python": ".".join(map(str, environment.version)), "folder": str(environment.folder)}


def _hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _read_stamp(environment: Environment) -> dict[str, str]:
    """The content of the stamp, or an empty dict if it is missing, unreadable, or for another Python or folder."""
    try:
        stamp = json.loads(environment.stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    same = isinstance(stamp, dict) and all(stamp.get(k) == v for k, v in _identity(environment).items())
    return stamp if same else {}


def _lacks(environment: Environment, parts: list[str]) -> bool:
    stamp = _read_stamp(environment)
    is_broken = not (environment.python.exists() and (environment.folder / "pyvenv.cfg").exists())
    return is_broken or any(stamp.get(part) != _hash(environment.requirements[part]) for part in parts)


def _make(environment: Environment, wanted: list[str]) -> None:
    before = _read_stamp(environment)
    parts = [part for part in environment.requirements if part in wanted or part in before]
    log = environment.beside(".log")
    say(f"Setting up {environment.title}; see {log} ...")
    environment.stamp.unlink(missing_ok=True)  # incomplete until the end of the setup
    if not _is_sound(environment):
        _check_room(environment)
        _create(environment)
    command = [*tool.pip_install(environment.python), "--only-binary=:all:"]  # no compiler needed
    for part in parts:
        command += ["-r", str(environment.requirements[part])]
    _pip(command, log)
    probe = _probe(environment, environment.probe)
    if probe.returncode:
        reason = last_lines(probe.stdout, 4)
        raise Failed(f"{environment.title} was installed, but does not work:\n{reason}\n{environment.hint}".rstrip())
    hashes = {part: _hash(environment.requirements[part]) for part in parts}
    temporary = environment.stamp.with_suffix(".tmp")
    temporary.write_text(json.dumps({**_identity(environment), **hashes}, indent=2) + "\n", encoding="utf-8")
    os.replace(temporary, environment.stamp)


def _probe(environment: Environment, statement: str) -> subprocess.CompletedProcess[str]:
    command = [str(environment.python), "-c", statement]
    return subprocess.run(
        command, env=clean_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )


def _is_sound(environment: Environment) -> bool:
    """Whether the virtual environment works, has pip, was not moved, and has the right version of Python."""
    if not environment.python.exists():
        return False
    try:
        probe = _probe(environment, "import sys, pip; print(sys.prefix, *sys.version_info[:2], sep='\\n')")
    except OSError:
        return False
    own = [str(environment.folder), *map(str, environment.version)]
    return probe.returncode == 0 and probe.stdout.split("\n")[:3] == own


def _create(environment: Environment) -> None:
    command = [str(environment.base), "-m", "venv", "--clear", str(environment.folder)]
    done = subprocess.run(
        command, env=clean_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )
    if done.returncode:
        if cause := causes.find(done.returncode, done.stdout):
            advice = causes.explain(cause, done.stdout, environment.folder.parent)
            raise Failed(f"{advice}, then run the same command again.")
        raise Failed(
            f"Cannot create a virtual environment in {environment.folder}:\n{last_lines(done.stdout, 6)}\n"
            "On Debian or Ubuntu, install Python's venv module: apt-get install python3-venv"
        )


def _pip(command: list[str], log: Path) -> None:
    """Runs pip, writes its output to the log, and reports large downloads."""
    log.write_bytes(b"")
    status, text = tool.run(command, log, variables.for_installer(), _report)
    if status:
        cause = causes.find(status, text)
        advice = causes.explain(cause, text, log.parent) if cause else "Check the network and the free disk space"
        raise Failed(
            f"pip cannot install the packages:\n{last_lines(text)}\n{advice}, then run the same command again. Log: {log}"
        )


def _check_room(environment: Environment) -> None:
    needed, free = environment.room_gb, causes.free_bytes(environment.folder) / causes.GB
    if free < needed:
        raise Failed(
            f"Setting up {environment.title} needs {needed:.1f} GB, but only {free:.1f} GB are free on the disk of "
            f"{environment.folder.parent}. Free up space, then run the same command again."
        )


def _report(line: str) -> None:
    big = re.search(r"Downloading (?:\S*/)?([A-Za-z0-9_.]+)-\d\S* \(([\d.]+) (MB|GB)\)", line)
    if big and (big[3] == "GB" or float(big[2]) >= 20):
        say(f"  downloading {big[1]} ({big[2]} {big[3]})")
    elif line.startswith("Installing collected packages:"):
        say(f"  installing {line.count(',') + 1} packages")
