"""Atomic writes: files appear completely or not at all."""

from __future__ import annotations

import os
import secrets
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

from .reading import open_regular


def write_atomic(path: Path, data: bytes | str) -> None:
    """Writes under a temporary name, then renames. A reader gets the old file or the new one, never a part.

    Raises:
        OSError: Nothing was written, and no temporary file is left.
    """
    temporary, content = temporary_path(path), data.encode() if isinstance(data, str) else data
    try:
        with open_regular(temporary, "xb") as file:
            write_all(file, content)
        replace_file(temporary, path)
    except OSError:
        with suppress(OSError):
            temporary.unlink()
        raise


def write_all(file: IO[bytes], data: bytes) -> None:
    """Writes to an unbuffered file, whose `write` may write a part only.

    Raises:
        OSError: A part was written, or nothing.
    """
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]


def temporary_path(path: Path) -> Path:
    """A name next to a file that nobody can guess, so that no link is there."""
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")


def replace_file(source: Path, target: Path) -> None:
    """`os.replace` with retries for one second on Windows, where it fails while another process has the target open.

    Raises:
        OSError: With the name of the target, which the user knows.
    """
    deadline = time.monotonic() + (1.0 if os.name == "nt" else 0.0)
    while True:
        try:
            os.replace(source, target)
            return
        except OSError as error:
            if not isinstance(error, PermissionError) or time.monotonic() >= deadline:
                error.filename = os.fspath(target)
                raise
            time.sleep(0.02)
