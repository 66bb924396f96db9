"""Opens and reads files that another program, version or user may have written or damaged. Standard library only.

The jobs folder may be shared, synchronized or copied. Nothing in it is trusted: files are opened only if they are regular,
never through a link that leaves the job's folder, JSON is read only up to a size, and every problem is a `JobError`.
"""

from __future__ import annotations

import errno
import json
import math
import os
import re
import stat
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import IO, Any

from ..errors import JobError

# Limits on JSON, so that reading takes little time and nothing that uses the values can overflow. They are far more than any
# file of this project needs.
LIMIT_BYTES = 1 << 17
MAX_VALUES = 5_000
MODEL_LIMIT_BYTES, MODEL_MAX_VALUES = 1 << 22, 1 << 18  # of the files of models
MAX_DEPTH = 32
MAX_DIGITS = 300  # of integers, which then fit a float
_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0)
_NO_WAIT, _NO_LINK = getattr(os, "O_NONBLOCK", 0), getattr(os, "O_NOFOLLOW", 0)
_LONG_INTEGER = re.compile(rb"\d{%d}" % (MAX_DIGITS + 1))
_SURROGATE = re.compile("[\ud800-\udfff]")  # half of a character


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


def is_own_folder(folder: Path | str) -> bool:
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


def own_path(folder: Path, name: str) -> Path:
    """The path of `name` in `folder`, for writing and deleting.

    Raises:
        OSError: It leads out of the folder, see `inside`.
    """
    path = inside(folder, name)
    if path is None:
        raise NotADirectoryError(errno.ENOTDIR, "a link leads out of the job's folder", os.fspath(folder / name))
    return path


def open_regular(path: Path | str, mode: str = "rb", *, may_be_link: bool = False) -> IO[bytes]:
    """Opens a regular file, unbuffered. A pipe or device does not block.

    Raises:
        OSError: The file does not exist, is a link or is not regular.
    """
    return open(path, mode, buffering=0, opener=partial(_open_regular, may_be_link=may_be_link))


def _open_regular(path: Path | str, flags: int, *, may_be_link: bool = False) -> int:
    """The descriptor of a regular file. See `open_regular`."""
    return _open_with_size(path, flags, may_be_link=may_be_link)[0]


def _open_with_size(path: Path | str, flags: int = _READ, *, may_be_link: bool = False) -> tuple[int, int]:
    """The descriptor of a regular file, and its size in bytes. See `open_regular`."""
    if not _NO_LINK and not may_be_link and os.path.islink(path):
        raise OSError(errno.ELOOP, "it is a link", os.fspath(path))
    try:
        descriptor = os.open(path, flags | _NO_WAIT | (0 if may_be_link else _NO_LINK), 0o666)
    except OSError as error:
        if error.errno == errno.ELOOP and not may_be_link:  # the system's text speaks of too many links
            raise OSError(errno.ELOOP, "it is a link", os.fspath(path)) from error
        if error.errno == errno.ENXIO:  # a pipe that nobody reads, or a socket
            raise OSError(errno.EINVAL, "it is not a regular file", os.fspath(path)) from error
        raise
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "it is not a regular file", os.fspath(path))
    return descriptor, found.st_size


def read_regular(path: Path | str, limit_bytes: int) -> bytes:
    """The content of a regular file. Allocates what the file needs: `file.read(limit_bytes)` would allocate the limit first.

    Raises:
        OSError: See `open_regular`; or the file is larger than the limit.
    """
    with open_regular(path) as file:
        if os.fstat(file.fileno()).st_size > limit_bytes:
            raise OSError(errno.EFBIG, f"it is larger than {limit_bytes >> 20} MB", os.fspath(path))
        return file.read()


def read_ends(path: Path | str, head_bytes: int, tail_bytes: int) -> tuple[int, bytes, bytes]:
    """The size of a regular file, its first bytes, and its last bytes: all of them if the file is not longer than both.

    Faster than a file object, since clients read thousands of files.

    Raises:
        OSError: See `open_regular`.
    """
    descriptor, size = _open_with_size(path)
    try:
        if size <= head_bytes + tail_bytes:
            return size, b"", os.read(descriptor, size)
        head = os.read(descriptor, head_bytes)
        os.lseek(descriptor, size - tail_bytes, os.SEEK_SET)
        return size, head, os.read(descriptor, tail_bytes)
    finally:
        os.close(descriptor)


def read_object(path: Path | str, *, of_model: bool = False) -> dict[str, Any]:
    """Reads a JSON object. See `read_json`."""
    content = read_json(path, of_model=of_model)
    if not isinstance(content, dict):
        raise JobError(f"Cannot read {path}: it is not a JSON object.", code="files")
    return content


def read_json(path: Path | str, *, of_model: bool = False) -> Any:
    """Reads a file of JSON.

    Args:
        of_model: The file may be a link, since models are often links into a cache, and may be larger.

    Raises:
        FileNotFoundError: The file does not exist.
        JobError: It cannot be read, is too large, or holds something else (code "files").
    """
    limit_bytes = MODEL_LIMIT_BYTES if of_model else LIMIT_BYTES
    try:
        descriptor, size = _open_with_size(path, may_be_link=of_model)
        try:
            data = b""
            # Not more than the file needs, because `os.read` allocates the whole number of bytes first.
            size = min(size, limit_bytes + 1)
            while len(data) < size and (block := os.read(descriptor, size - len(data))):
                data += block
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise JobError(f"Cannot read {path}: {error.strerror or error}.", code="files") from error
    if len(data) > limit_bytes:
        raise JobError(f"Cannot read {path}: it is larger than {limit_bytes >> 10} KB.", code="files")
    try:
        return parse(data, MODEL_MAX_VALUES, may_be_infinite=True) if of_model else parse(data)
    except ValueError as error:
        raise JobError(f"Cannot read {path}: {error}.", code="files") from error


def parse(data: bytes, max_values: int = MAX_VALUES, *, may_be_infinite: bool = False) -> Any:
    """Parses JSON with a limited number of values, little nesting, valid text, and numbers of usual size.

    Args:
        may_be_infinite: Accept infinity and NaN, which settings of schedulers contain.

    Raises:
        ValueError: The text is not such JSON.
    """
    openings = data.count(b"[") + data.count(b"{")
    # Most events are too short for many values and for long integers.
    if len(data) > max_values and data.count(b",") + openings > max_values:
        raise ValueError("it contains too many values")
    has_long_integers = len(data) > MAX_DIGITS and _LONG_INTEGER.search(data)  # rare, and slower
    decoder = _DECODERS[bool(has_long_integers), may_be_infinite]
    try:
        text = data.decode("utf-8").strip(" \t\r\n")
        value, end = decoder.raw_decode(text)  # `decode` takes three times as long for an event
        if end != len(text):
            raise json.JSONDecodeError("Extra data", text, end)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"it is not JSON ({error.msg} in line {error.lineno})") from None
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8 text") from None
    has_escapes = b"\\ud" in data or b"\\uD" in data
    if openings <= MAX_DEPTH and not has_escapes:
        return value
    level = [value]
    for _ in range(MAX_DEPTH):
        if has_escapes and any(isinstance(item, str) and _SURROGATE.search(item) for item in level):
            raise ValueError("it is not valid Unicode text")
        level = list(_children(level))
        if not level:
            return value
    raise ValueError("it is nested too deeply")


def _children(level: list[Any]) -> Iterator[Any]:
    for item in level:
        if isinstance(item, dict):
            yield from item
            yield from item.values()
        elif isinstance(item, list):
            yield from item


def _integer(text: str) -> int:
    if len(text.lstrip("-")) > MAX_DIGITS:
        raise ValueError("it contains an integer that is too large")
    return int(text)


def _number(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("it contains a number that is not finite")
    return value


# Keys: whether there may be long integers, and whether infinity is allowed. Decoders are slow to make.
_DECODERS = {
    (long, infinite): json.JSONDecoder(
        parse_float=_number, parse_int=_integer if long else None, parse_constant=None if infinite else _number
    )
    for long in (False, True)
    for infinite in (False, True)
}
