"""Folders that take seconds to make, made once for all test processes; and small disks."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from backend.jobs.lock import FolderLock

PATIENCE_S = 900


def made_once(tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """The folder that `make` has filled, in this process or in another one of pytest-xdist."""
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent  # of this run, for all its processes
    folder, complete = root / name, root / f"{name}.complete"
    lock = FolderLock(root / f"{name}.lock")
    assert lock.acquire(PATIENCE_S)
    try:
        if not complete.exists():
            folder.mkdir(exist_ok=True)
            make(folder)
            complete.touch()
    finally:
        lock.release()
    return folder


@contextmanager
def disk_of(place: Path, size: str) -> Iterator[Path]:
    """Mounts a file system in memory at `place`, for example of "160k". Skips the test where this process may not."""
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    if os.name == "nt" or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this process may not mount a file system")
    yield place
    subprocess.run(["umount", str(place)], check=True)
