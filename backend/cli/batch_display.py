"""Shows the progress of a batch while it runs: a live table on a terminal, plain lines in a pipe."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from ..batch.status import BatchStatus
from ..jobs.follow import JobFollower
from .terminal import PHASES

if TYPE_CHECKING:
    from rich.table import Table

LINE_EVERY_S = 10.0
TABLE_EVERY_S = 1.0
MOST_ROWS = 10  # running jobs that are shown


def counts_of(status: BatchStatus) -> list[tuple[str, str]]:
    """The names and values of a status that are worth reading."""
    numbers = {
        "queued": status.queued,
        "running": status.running,
        "paused": status.paused,
        "interrupted": status.interrupted,
        "done": status.done,
        "failed": status.failed,
        "canceled": status.canceled,
    }
    always = ("queued", "running", "done", "failed")
    found = [(name, str(number)) for name, number in numbers.items() if number or name in always]
    found.append(("rate", f"{status.rate_per_hour:.0f} per hour" if status.rate_per_hour else "-"))
    found.append(("time left", "-" if status.left_s is None else str(timedelta(seconds=round(status.left_s)))))
    return found


def line_of(status: BatchStatus) -> str:
    """The status in one line."""
    return ", ".join(f"{name} {value}" for name, value in counts_of(status) if value != "-")


class Lines:
    """Plain lines, for a pipe: one every few seconds, and one for each failed job."""

    def __init__(self, output: TextIO) -> None:
        self._output = output
        self._next, self._failures = 0.0, 0

    def show(self, status: BatchStatus, running: Iterable[Path], note: str) -> None:
        self._say_failures(status)
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + LINE_EVERY_S
            self.say(note or line_of(status))

    def _say_failures(self, status: BatchStatus) -> None:
        for name, message in status.failures[self._failures :]:
            self.say(f"Failed: {name}: {message}")
        self._failures = len(status.failures)

    def say(self, text: str) -> None:
        print(text, file=self._output, flush=True)

    def close(self) -> None:
        pass


class Live(Lines):
    """A table that changes in place, for a terminal."""

    def __init__(self, output: TextIO) -> None:
        super().__init__(output)
        from rich.console import Console
        from rich.live import Live as RichLive

        self._console = Console(file=output)
        self._followers: dict[Path, JobFollower] = {}
        self._live = RichLive(console=self._console, auto_refresh=False, redirect_stdout=False, redirect_stderr=False)
        self._live.start()

    def show(self, status: BatchStatus, running: Iterable[Path], note: str) -> None:
        self._say_failures(status)
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + TABLE_EVERY_S
            self._live.update(self._table(status, sorted(running), note), refresh=True)

    def _table(self, status: BatchStatus, running: list[Path], note: str) -> Table:
        from rich.table import Table
        from rich.text import Text

        table = Table.grid(padding=(0, 2))
        for name, value in counts_of(status):
            table.add_row(name.capitalize(), value)
        shown = running[:MOST_ROWS]
        self._followers = {folder: self._followers.get(folder) or JobFollower(folder) for folder in shown}
        for folder, follower in self._followers.items():
            while follower.read(1 << 16):
                pass
            state = follower.folded
            text = PHASES.get(state.phase, state.phase) + (f" {state.fraction:.0%}" if state.total else "")
            table.add_row(Text(folder.name), text)
        if len(running) > MOST_ROWS:
            table.add_row("", f"and {len(running) - MOST_ROWS} more")
        if note or status.is_paused:
            table.add_row("", Text(note or "Paused. 'batch resume' continues it."))
        return table

    def say(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False)

    def close(self) -> None:
        self._live.stop()
