"""How far an evaluation is: a bar that moves on a terminal, a line now and then in a pipe."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any

LINE_EVERY_S = 10.0


class ProgressBar:
    """Used in a `with` block; `at(done, words)` may be called as often as one likes."""

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

    def at(self, done: float, words: str = "") -> None:
        if self._bar is not None:
            self._bar.update(self._task, completed=done, description=f"{self._what} {words}".rstrip())
        elif time.monotonic() >= self._next or done >= self._total:
            self._next = time.monotonic() + LINE_EVERY_S
            print(f"{self._what} {done:g} of {self._total:g} {words}".rstrip(), flush=True)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
