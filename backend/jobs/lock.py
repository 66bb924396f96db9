"""Locks of the operating system, which tell whether a worker is alive."""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path
from typing import IO

from ..errors import JobError

PATIENCE_S = 0.5  # how long a worker tries for a lock that a client may be probing at this moment


def _try_lock(file: IO[bytes], *, shared: bool = False) -> bool:
    """True when the lock is ours.

    Raises:
        OSError: this file system has no locks.
    """
    try:
        if os.name == "nt":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        return True
    except OSError as error:
        if error.errno in (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK):
            return False
        raise


class FolderLock:
    """An operating-system lock: gone with the process that holds it, however that ends. The file stays."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[bytes] | None = None

    def acquire(self, patience_s: float = PATIENCE_S) -> bool:
        """True when this process now holds it. `patience_s` rides out a client's momentary probe.

        Raises:
            JobError: the file cannot be written, or its file system has no locks.
        """
        deadline = time.monotonic() + patience_s
        try:
            file = open(self.path, "ab+", buffering=0)
        except OSError as error:
            raise JobError(
                f"The folder {self.path.parent} cannot be written ({error.strerror or error}): choose another one."
            ) from error
        try:
            while not _try_lock(file):
                if time.monotonic() >= deadline:
                    file.close()
                    return False
                time.sleep(0.01)
        except OSError as error:
            file.close()
            raise JobError(
                f"Files in {self.path.parent} cannot be locked ({error.strerror or error}): choose a folder on a local disk."
            ) from error
        self._file = file
        return True

    def release(self) -> None:
        if self._file is not None:
            self._file.close()  # closing releases it on every platform
            self._file = None


def is_locked(path: Path) -> bool:
    """Whether a living process holds the lock: asked of the operating system, never guessed from a process id.

    The question takes a shared lock for an instant, so that two who ask do not take each other for a worker.
    """
    try:
        with open(path, "rb", buffering=0) as file:
            return not _try_lock(file, shared=True)
    except OSError:
        return False
