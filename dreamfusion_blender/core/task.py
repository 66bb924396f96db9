"""A background task of the add-on: a child process that reports its progress.

The child prints one JSON object a line: {"phase", "message", "fraction"}. The phases `done` and `error` are final.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..backend.jobs.events import parse_lines
from ..backend.jobs.launch import Child, explain_status, last_line, read_tail


@dataclass(frozen=True)
class TaskProgress:
    """Progress of a task. `fraction` is 0 to 1, None once the task has ended. `elapsed_s` is 0 then."""

    message: str
    fraction: float | None
    is_good: bool = True
    elapsed_s: int = 0  # whole seconds, so that the progress changes once a second


class BackgroundTask:
    """A running child process. `poll` returns its progress; it never blocks and never raises.

    Raises:
        JobError: The process cannot be started.
    """

    done_text: str = "Done."
    early_text: str = "It ended early"
    cancelled_text: str = "It was canceled."
    retry_text: str = "Start it again to continue."

    def __init__(self, python: str, arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="dreamfusion-task-"))
        self.progress = TaskProgress("Starting", 0.0)
        self._child = Child(
            python,
            arguments,
            self._folder / "progress.jsonl",
            errors=self._folder / "errors.txt",
            environment=environment,
        )

    @property
    def is_running(self) -> bool:
        return self.progress.fraction is not None

    def poll(self) -> TaskProgress:
        if not self.is_running:
            return self.progress
        status = self._child.exit_status  # before reading: a child that has ended has written its last line
        last = self._last_report()
        if last.get("phase") == "error":
            self._finish(TaskProgress(str(last.get("message")), None, is_good=False))
        elif status is None:
            self.progress = replace(self.progress, elapsed_s=int(time.monotonic() - self._child.started_at))
            if last:
                fraction = _fraction(last.get("fraction"))
                self.progress = replace(self.progress, message=str(last.get("message")), fraction=fraction)
        elif last.get("phase") == "done":
            self._finish(TaskProgress(self.done_text, None))
        else:
            error = last_line(read_tail(self._folder / "errors.txt"))
            error = explain_status(status, error) or error[:200]
            reason = f": {error}" if error else ""
            self._finish(TaskProgress(f"{self.early_text}{reason}. {self.retry_text}", None, is_good=False))
        return self.progress

    def cancel(self) -> None:
        """Kills the child. Downloaded files stay, and the next start continues from them."""
        self._child.kill()
        self._child.wait(3.0)
        if self.is_running:
            self._finish(TaskProgress(f"{self.cancelled_text} {self.retry_text}", None, is_good=False))

    def _last_report(self) -> dict[str, Any]:
        lines = self._child.text(1 << 12).encode().splitlines()
        return next(parse_lines(reversed(lines)), {})

    def _finish(self, progress: TaskProgress) -> None:
        self.progress = progress
        shutil.rmtree(self._folder, ignore_errors=True)


def _fraction(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0
