"""Redirects all output of the process, including native libraries, to a job's log.txt."""

from __future__ import annotations

import faulthandler
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..jobs.reading import open_regular


@contextmanager
def logged_to(path: Path) -> Iterator[None]:
    """Redirects file descriptors 1 and 2, and the traceback of a crash, to the file inside the block.

    Raises:
        OSError: the file cannot be written, or is a link.
    """
    file = open_regular(path, "ab")
    log = file.fileno()
    _flush()
    kept = [os.dup(number) for number in (1, 2)]
    try:
        for number in (1, 2):
            os.dup2(log, number)
        faulthandler.enable(file=2)
        yield
    finally:
        _flush()
        for number, original in zip((1, 2), kept, strict=True):
            os.dup2(original, number)
            os.close(original)
        file.close()


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with suppress(OSError, ValueError):  # a full disk is reported elsewhere
                stream.flush()
