"""A worker that has no jobs left stays for a while, so that the next job does not load the model again.

It ends when its time is over, when the process that started it ends, when its files change, or when a client requests it. It
also ends for a job of a later version, which only another worker can run.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from .. import installed
from ..jobs.launch import END_IDLE
from .due import DueJobs
from .kept_model import has_model

POLL_S = 0.2
COST_FACTOR = 50  # searches take at most this part of the time


class Idle:
    """Waits for jobs of a folder.

    Args:
        keep_s: how long the worker stays after its last job.
    """

    def __init__(self, jobs: Path, keep_s: float) -> None:
        self._keep_s, self._end = keep_s, jobs / END_IDLE
        self._starter_lives = _watch_starter() if keep_s > 0 else lambda: False
        with suppress(OSError):
            self._end.unlink()  # meant for an earlier worker

    def await_job(self, due: DueJobs, should_end: Callable[[], bool]) -> bool:
        """Waits for a job. Returns False if the worker should end."""
        if not has_model():
            return False
        deadline = time.monotonic() + self._keep_s
        due.has_later = False
        while time.monotonic() < deadline and self._starter_lives():
            if should_end() or installed.has_changed() or self._end.exists():
                break
            began = time.monotonic()
            if due.next() is not None:
                return True
            if due.has_later:
                break
            time.sleep(max(POLL_S, COST_FACTOR * (time.monotonic() - began)))
        return False


def _watch_starter() -> Callable[[], bool]:
    """Returns a function that tells whether the process that started this one still runs."""
    if os.name == "nt":
        import psutil

        with suppress(psutil.Error):
            starter = psutil.Process(os.getppid())
            return lambda: bool(starter.is_running())
        return lambda: False
    number = os.getppid()
    return lambda: os.getppid() == number
