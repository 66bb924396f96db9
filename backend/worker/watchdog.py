"""Ends the worker if its job does not react to a cancel, for example because a step of a large model takes a minute.

The last checkpoint stays. Clients start another worker for the next job.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from types import TracebackType

from ..jobs.folder import is_requested
from .running import RunningJob

GRACE_S = 3.0  # for the present step, and for the checkpoint after it
POLL_S = 0.25


class Watchdog:
    """Watches a job in a thread, within a `with` block.

    Args:
        job: the job. Once it has reacted to the cancel, it has as much time as it needs.
        end: writes the last event of the canceled job.
    """

    def __init__(self, job: RunningJob, end: Callable[[], None]) -> None:
        self._job, self._end = job, end
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        with self._job.ending:
            self._is_over.set()

    def _watch(self) -> None:
        job = self._job
        while not self._is_over.wait(POLL_S):
            if not is_requested(job.folder, "cancel") or self._is_over.wait(GRACE_S):
                continue
            with job.ending:  # never released: no event may follow the last one
                if self._is_over.is_set() or job.is_ending or not is_requested(job.folder, "cancel"):
                    continue
                print("The job did not react to the cancel. The worker ends.", flush=True)
                try:
                    self._end()
                finally:
                    os._exit(0)
