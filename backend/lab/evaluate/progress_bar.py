"""Progress of an evaluation: a bar in a terminal, otherwise occasional lines."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any

LINE_EVERY_S = 10.0


class ProgressBar:
    """A context manager; call `update` as often as needed."""

    def __init__(self, what: str, total: float) -> None:
        self._what, self._total = what, total
        self._next = 0.0
        self._bar: Any = None

    def __enter__(self) -> ProgressBar:
        if sys.stdout.isatty():
            from rich.progress import Progress as Bar

            self._bar = Bar(transient=True)
            self._task = self._bar.add_task(self._what, total=self._total)
            self._bar.start()
        return self

    def update(self, done: float, text: str = "") -> None:
        """Shows that `done` of the total is finished, with `text` on the current piece of work."""
        if self._bar is not None:
            self._bar.update(self._task, completed=done, description=f"{self._what} {text}".rstrip())
        elif time.monotonic() >= self._next or done >= self._total:
            self._next = time.monotonic() + LINE_EVERY_S
            print(f"{self._what} {done:g} of {self._total:g} {text}".rstrip(), flush=True)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
