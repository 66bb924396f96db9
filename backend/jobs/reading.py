"""Reads files that another program, version or user may have written or damaged. Standard library only.

The jobs folder may be shared, synchronized or copied. Nothing in it is trusted: files are read only if they are regular and
small, never through a link that leaves the job's folder, and every problem is a `JobError`.
"""

from __future__ import annotations

import json
import math
import os
import stat
from pathlib import Path
from typing import Any, BinaryIO

from ..errors import JobError

LIMIT_BYTES = 1 << 20  # far more than any file of this project
MAX_DIGITS = 300  # of integers, which then fit a float


def inside(folder: Path, name: str) -> Path | None:
    """The path of `name` in `folder`. None if the name is absolute, leads out of the folder, or passes a link that does."""
    if not name or "\0" in name or os.path.isabs(name) or Path(name).drive or ".." in Path(name).parts:
        return None
    path = folder / name
    try:
        real, root = os.path.realpath(path), os.path.realpath(folder)
    except (OSError, ValueError):
        return None
    return path if real.startswith(root.rstrip(os.sep) + os.sep) else None


def is_own_folder(folder: Path) -> bool:
    """Whether a folder is a real folder of its parent, not a link to another place."""
    try:
        found = os.lstat(folder)
    except (OSError, ValueError):
        return False
    return stat.S_ISDIR(found.st_mode) and not _is_junction(found)


def _is_junction(found: os.stat_result) -> bool:
    # Links between folders on Windows, which lstat reports as folders.
    attributes = getattr(found, "st_file_attributes", 0)
    return bool(attributes & getattr(stat, "FILE_ATTRIBUTE_REPARSE_POINT", 0))


def open_regular(path: Path | str) -> BinaryIO:
    """Opens a regular file for reading. A pipe or device does not block.

    Raises:
        OSError: The file does not exist, is a link or is not regular.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(f"{path} is not a regular file")
        return os.fdopen(descriptor, "rb", buffering=0)
    except BaseException:
        os.close(descriptor)
        raise


def read_object(path: Path, limit_bytes: int = LIMIT_BYTES) -> dict[str, Any]:
    """Reads a JSON object. See `read_json`."""
    content = read_json(path, limit_bytes)
    if not isinstance(content, dict):
        raise JobError(f"Cannot read {path}: it is not a JSON object.", code="files")
    return content


def read_json(path: Path, limit_bytes: int = LIMIT_BYTES) -> Any:
    """Reads a file of JSON.

    Raises:
        FileNotFoundError: The file does not exist.
        JobError: It cannot be read, is too large, or holds something else (code "files").
    """
    try:
        with open_regular(path) as file:
            data = b""
            while len(data) <= limit_bytes and (block := file.read(limit_bytes + 1 - len(data))):
                data += block
    except FileNotFoundError:
        raise
    except OSError as error:
        raise JobError(f"Cannot read {path}: {error.strerror or error}.", code="files") from error
    if len(data) > limit_bytes:
        raise JobError(f"Cannot read {path}: it is larger than {limit_bytes >> 10} KB.", code="files")
    try:
        return parse(data)
    except ValueError as error:
        raise JobError(f"Cannot read {path}: {error}.", code="files") from error


def parse(data: bytes | str) -> Any:
    """Parses JSON with finite numbers of usual size.

    Raises:
        ValueError: The text is not such JSON, or is nested too deeply.
    """
    try:
        text = data.decode("utf-8") if isinstance(data, bytes) else data
        return _DECODER.decode(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"it is not JSON ({error.msg} in line {error.lineno})") from None
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8 text") from None


def _integer(text: str) -> int:
    if len(text.lstrip("-")) > MAX_DIGITS:
        raise ValueError("it contains an integer that is too large")
    return int(text)


def _number(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("it contains a number that is not finite")
    return value


_DECODER = json.JSONDecoder(parse_int=_integer, parse_float=_number, parse_constant=_number)  # slow to make
