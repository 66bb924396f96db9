"""The reasons for a job to stop early: canceled by the user, stopped by a signal, or its folder was deleted."""

from __future__ import annotations

import signal
import threading
from types import FrameType


class Cancelled(Exception):
    """The job's control folder contains `cancel`."""


class Stopped(Exception):
    """The worker received a signal. Its job can be resumed."""


class Lost(Exception):
    """The job's folder or its lock was deleted, so another worker may have the job. This worker writes no file any more."""


class StopFlag:
    """Set by a signal and checked between steps.

    Further signals change nothing, so that they do not interrupt what the first one began: a checkpoint and `bye`. Systems
    often send several, for example to every process at shutdown. To end a worker at once, kill it.
    """

    def __init__(self) -> None:
        self.is_set = False
        self.is_installed = False  # this process runs jobs only, and may be ended

    def install(self) -> None:
        """Handles SIGTERM, SIGINT, SIGHUP and, on Windows, CTRL_BREAK. Only a main thread can install handlers."""
        if threading.current_thread() is not threading.main_thread():
            return
        self.is_installed = True
        for name in ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK"):
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # ignored, for example by nohup
                signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.is_set = True
