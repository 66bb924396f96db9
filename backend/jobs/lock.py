"""Operating-system locks, which show whether a worker is alive."""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path
from typing import IO

from ..errors import JobError
from .reading import open_regular

RETRY_S = 0.5  # a worker retries for this long, because a client may be probing the lock


def _try_lock(file: IO[bytes], *, shared: bool = False) -> bool:
    """Tries to lock the file. Returns whether that succeeded.

    Raises:
        OSError: The file system does not support locks.
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
    """A lock that the operating system releases when its process ends, for whatever reason. The lock file stays."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[bytes] | None = None

    def acquire(self, patience_s: float = RETRY_S) -> bool:
        """Tries to acquire the lock for `patience_s` seconds. Returns whether this process now holds it.

        Raises:
            JobError: The lock file cannot be written, is a link, or its file system does not support locks.
        """
        deadline = time.monotonic() + patience_s
        while not self.is_held:
            if self._file is not None:  # deleted before it was locked
                self.release()
            try:
                self._file = open_regular(self.path, "ab+")
            except OSError as error:
                raise JobError(
                    f"Cannot write to {self.path}: {error.strerror or error}. Remove it, or choose another folder.",
                    code="jobs",
                ) from error
            try:
                while not _try_lock(self._file):
                    if time.monotonic() >= deadline:
                        self.release()
                        return False
                    time.sleep(0.01)
            except OSError as error:
                self.release()
                raise JobError(
                    f"Cannot lock files in {self.path.parent}: {error.strerror or error}. Choose a folder on a local disk.",
                    code="jobs",
                ) from error
        return True

    @property
    def is_held(self) -> bool:
        """Whether this process holds the lock. Not if the lock file was deleted or replaced: another process may hold that one."""
        if self._file is None:
            return False
        try:
            return os.path.samestat(os.fstat(self._file.fileno()), os.stat(self.path))
        except FileNotFoundError:
            return False
        except OSError:  # a network folder that does not answer
            return True

    def release(self) -> None:
        if self._file is not None:
            self._file.close()  # closing releases the lock on every platform
            self._file = None


def is_locked(path: Path) -> bool:
    """Whether a living process holds the lock.

    The probe takes a shared lock for a moment, so two clients that probe at once do not take each other for a worker.
    """
    try:
        with open_regular(path) as file:
            return not _try_lock(file, shared=True)
    except OSError:
        return False
