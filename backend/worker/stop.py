"""Why a job stops before its end: the person cancelled it, or the process was told to go."""

from __future__ import annotations

import signal
import threading
from types import FrameType


class Cancelled(Exception):
    """The job's control folder holds `cancel`."""


class Stopped(Exception):
    """The worker was told to end (SIGTERM, SIGINT); its job can be resumed."""


class StopFlag:
    """Set by the first signal to end and looked at between steps; a second signal interrupts whatever runs."""

    def __init__(self) -> None:
        self.is_set = False

    def install(self) -> None:
        """Takes over SIGTERM, SIGINT and, on Windows, CTRL_BREAK. Signals belong to a process's main thread."""
        if threading.current_thread() is not threading.main_thread():
            return
        for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._heard)

    def _heard(self, number: int, frame: FrameType | None) -> None:
        if self.is_set:
            raise Stopped
        self.is_set = True
