"""Copies the results of jobs to a URL while a batch runs, such as a bucket of an object store, with fsspec."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import fsspec

from ..errors import JobError, UserError
from ..jobs.files import write_atomic
from ..jobs.reading import read_object

MARKER = "copied.json"  # in the folder of a job: where its results were copied to
AT_ONCE = 4


class Copies:
    """Copies in the background. At the end of the block, it waits for the copies that are not finished.

    Args:
        url: of a folder, in which each job gets its own.

    Attributes:
        failures: one sentence for each job that could not be copied.

    Raises:
        UserError: There is no such protocol, or its package is not installed.
    """

    def __init__(self, url: str) -> None:
        self.url, self.failures = url, list[str]()
        self._files, self._root = open_url(url)
        self._threads = ThreadPoolExecutor(AT_ONCE)

    def __enter__(self) -> Copies:
        return self

    def __exit__(self, *_error: object) -> None:
        self._threads.shutdown()

    def add(self, folder: Path) -> None:
        """Copies the results of a job that is done, unless that has happened before."""
        self._threads.submit(self._copy, folder)

    def _copy(self, folder: Path) -> None:
        with suppress(OSError, JobError):
            if read_object(folder / MARKER).get("url") == self.url:
                return
        try:
            for file in _results(folder):
                target = f"{self._root.rstrip('/')}/{folder.name}/{file.relative_to(folder).as_posix()}"
                self._files.makedirs(target.rpartition("/")[0], exist_ok=True)
                self._files.put_file(os.fspath(file), target)
            write_atomic(folder / MARKER, json.dumps({"url": self.url}))
        except Exception as error:  # each file system has its own errors
            reason = " ".join(str(error).split())[:120] or type(error).__name__
            self.failures.append(f"{folder.name}: {reason}")


def open_url(url: str) -> tuple[Any, str]:
    """The file system of a URL, and the path in it.

    Raises:
        UserError: There is no such protocol, or its package is not installed.
    """
    protocol = url.partition("://")[0]
    try:
        files, root = fsspec.core.url_to_fs(url)
    except ImportError as error:
        raise UserError(
            f"Copies to {protocol}:// need another package. {error}.".replace("..", "."), "environment"
        ) from error
    except Exception as error:
        raise UserError(f"Cannot copy to {url}: {' '.join(str(error).split())[:120]}. Correct the URL.") from error
    return files, str(root)


def _results(folder: Path) -> Iterator[Path]:
    """The request and the asset of a job."""
    yield folder / "job.json"
    yield from sorted(path for path in (folder / "asset").rglob("*") if path.is_file() and not path.is_symlink())
