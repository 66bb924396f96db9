"""Finds installed versions of Python: each version of Blender needs its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from .common import clean_environment

Version = tuple[int, int]


def find(version: Version) -> Path | None:
    """A Python of this version that can create environments: the current one, one on the PATH, or pyenv's."""
    return next((python for python in _candidates(version) if _is_usable(python, version)), None)


def _candidates(version: Version) -> Iterator[Path]:
    dotted = f"{version[0]}.{version[1]}"
    if sys.version_info[:2] == version:
        yield Path(sys.executable)
    if named := shutil.which(f"python{dotted}"):
        yield Path(named)
    if os.name == "nt" and (launcher := shutil.which("py")):
        done = subprocess.run(
            [launcher, f"-{dotted}", "-c", "import sys; print(sys.executable)"], capture_output=True, text=True
        )
        if done.returncode == 0:
            yield Path(done.stdout.strip())
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from sorted(pyenv.glob(f"versions/{dotted}.*/bin/python{dotted}"), reverse=True)


def _is_usable(python: Path, version: Version) -> bool:
    # A file with the right name can be a pyenv shim for a missing version, or lack Debian's venv module.
    probe = "import sys, venv, ensurepip; print(*sys.version_info[:2])"
    try:
        done = subprocess.run([python, "-c", probe], env=clean_environment(), capture_output=True, text=True)
    except OSError:
        return False
    return done.returncode == 0 and done.stdout.split() == [str(part) for part in version]
