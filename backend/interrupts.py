"""Ctrl-C in a command that follows jobs."""

from __future__ import annotations

import signal
from types import FrameType


class Interrupts:
    """Counts Ctrl-C and SIGTERM instead of raising exceptions in the middle of an operation."""

    def __init__(self) -> None:
        self.count = self._seen = 0
        self._before = {number: signal.signal(number, self._on_signal) for number in (signal.SIGINT, signal.SIGTERM)}

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.count += 1

    def are_new(self) -> bool:
        before, self._seen = self._seen, self.count
        return self.count > before

    def restore_handlers(self) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
