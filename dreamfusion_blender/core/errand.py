"""A long-running child of ours that says how it stands: one JSON object a line, {"phase", "message", "fraction"}."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import paths, process


@dataclass(frozen=True)
class Progress:
    """How an errand stands. `fraction` is None once it is over."""

    message: str
    fraction: float | None
    is_good: bool = True


class Errand:
    """A running child. `poll` tells how it stands; it never blocks and never raises."""

    done_words: str = "Done."
    early_words: str = "It ended early"
    cancelled_words: str = "It was cancelled."
    again_words: str = "Begin again to go on with it."

    def __init__(self, python: str, arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        """
        Raises:
            JobError: it cannot be started.
        """
        self._output = Path(tempfile.mkdtemp(prefix="dreamfusion-errand-"))
        self.progress = Progress("Starting", 0.0)
        self._child = process.Child(
            python,
            arguments,
            paths.backend_root(),
            self._output / "progress.jsonl",
            errors=self._output / "errors.txt",
            environment=environment,
        )

    @property
    def is_running(self) -> bool:
        return self.progress.fraction is not None

    def poll(self) -> Progress:
        if not self.is_running:
            return self.progress
        status = self._child.exit_status  # asked before reading: what it said last is not missed
        last = self._last_line()
        if last.get("phase") == "error":
            self._finish(Progress(str(last.get("message")), None, is_good=False))
        elif status is None:
            if last:
                self.progress = Progress(str(last.get("message")), _fraction(last.get("fraction")))
        elif last.get("phase") == "done":
            self._finish(Progress(self.done_words, None))
        else:
            said = process.read_tail(self._output / "errors.txt").strip().splitlines()
            reason = f": {said[-1][:200]}" if said else ""
            self._finish(Progress(f"{self.early_words}{reason}. {self.again_words}", None, is_good=False))
        return self.progress

    def cancel(self) -> None:
        """Ends it; what was fetched stays, and beginning again goes on from there."""
        self._child.kill()
        self._child.wait(3.0)
        if self.is_running:
            self._finish(Progress(f"{self.cancelled_words} {self.again_words}", None, is_good=False))

    def _last_line(self) -> dict[str, object]:
        for line in reversed(self._child.text(1 << 12).splitlines()):
            try:
                found = json.loads(line)
            except ValueError:
                continue
            if isinstance(found, dict):
                return found
        return {}

    def _finish(self, progress: Progress) -> None:
        self.progress = progress
        shutil.rmtree(self._output, ignore_errors=True)


def _fraction(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0
