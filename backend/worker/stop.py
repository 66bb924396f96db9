"""The reasons for a job to stop early: canceled by the user, or the worker was stopped by a signal."""

from __future__ import annotations

import signal
import threading
from types import FrameType


class Cancelled(Exception):
    """The job's control folder contains `cancel`."""


class Stopped(Exception):
    """The worker received SIGTERM or SIGINT. Its job can be resumed."""


class StopFlag:
    """Set by the first signal and checked between steps. A second signal raises `Stopped` at once."""

    def __init__(self) -> None:
        self.is_set = False
        self.is_installed = False  # this process runs jobs only, and may be ended

    def install(self) -> None:
        """Handles SIGTERM, SIGINT and, on Windows, CTRL_BREAK. Only a main thread can install handlers."""
        if threading.current_thread() is not threading.main_thread():
            return
        self.is_installed = True
        for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self.is_set:
            raise Stopped
        self.is_set = True
