"""The recorded contents of a downloaded model: size and hash of each file, in the model's source.json.

A folder that was not downloaded has no record, and neither has a download of version 0.1.0.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ..errors import JobError, UserError
from ..jobs.reading import read_object

FACTS = "source.json"
RECORD = "files"  # {path: [size, hash]}
LARGE_BYTES = 50_000_000  # smaller files are checked when a model is opened, others when they are loaded
THREADS = 4
_CHUNK_BYTES = 1 << 22
_SHA256_LENGTH = 64  # of the hexadecimal digits; others are git's SHA-1


def matches(path: Path, size: int, oid: str) -> bool:
    """Whether a file has the size and the hash that the Hub lists: SHA-256 of a large file, git's SHA-1 of others."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return False
    return (
        found.st_size == size
        and _digest(path, size, (found.st_mtime_ns, found.st_ctime_ns), len(oid) == _SHA256_LENGTH) == oid
    )


@functools.lru_cache(maxsize=1000)  # once for each process, as long as the file is the same
def _digest(path: Path, size: int, _times: tuple[int, int], is_sha256: bool) -> str:
    digest = hashlib.sha256() if is_sha256 else hashlib.sha1(f"blob {size}\0".encode())
    with path.open("rb") as content:
        while chunk := content.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def changed_files(folder: Path, only: Collection[str] | None = None) -> list[str]:
    """Returns the recorded files that are missing or differ from the download.

    Args:
        only: paths to check; by default all files.
    """
    record = [entry for entry in _record(folder) if only is None or entry[0] in only]
    with ThreadPoolExecutor(THREADS) as pool:
        same = pool.map(lambda entry: matches(folder / entry[0], entry[1], entry[2]), record)
        return [path for (path, _, _), is_same in zip(record, same, strict=True) if not is_same]


def check(folder: Path, only: Collection[str]) -> None:
    """Checks that these files are as they were downloaded.

    Raises:
        UserError: a file is missing or has changed.
    """
    if found := changed_files(folder, only):
        is_here = (folder / found[0]).exists()
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise UserError(
            f"The model '{folder.name}' is damaged: {found[0]}{more} {'differs from' if is_here else 'is missing since'} its "
            f"download. Remove the model and download it again, or run 'models download {folder.name}' to repair it.",
            "weights",
        )


def check_small(folder: Path) -> None:
    """Checks all files except large ones, and that the large ones have their size.

    Raises:
        UserError: a file is missing or has changed.
    """
    check(
        folder, [path for path, size, _ in _record(folder) if size < LARGE_BYTES or not _has_size(folder / path, size)]
    )


def _has_size(path: Path, size: int) -> bool:
    return path.is_file() and path.stat().st_size == size


def _record(folder: Path) -> Iterator[tuple[str, int, str]]:
    try:
        entries = list(read_object(folder / FACTS, of_model=True)[RECORD].items())
    except (OSError, JobError, KeyError, AttributeError):
        return
    for path, entry in entries:
        size, oid = entry if isinstance(entry, list) and len(entry) == 2 else (-1, "")
        yield path, size if isinstance(size, int) else -1, str(oid)
