"""The results of a run in one file, from which the next run continues."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from backend.jobs.files import write_atomic

from ..common import Failed
from .plan import Row

FILE = "gpu.json"
DONE, FAILED = "done", "failed"


@dataclass(frozen=True)
class Result:
    """A row that ran.

    Attributes:
        seconds: with the start of its process.
        reason: why it failed, in one line.
        facts: what it measured.
    """

    name: str
    kind: str
    status: Literal["done", "failed"]
    seconds: float
    reason: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


class Results:
    """The rows that ran, by their names.

    Args:
        folder: of the file. Results of an earlier run with the same device and models are read.

    Raises:
        Failed: the file cannot be read, or belongs to another device or other models.
    """

    def __init__(self, folder: Path, device: str, models: str) -> None:
        self.path = folder / FILE
        self._head = {"device": device, "models": models}
        self.rows: dict[str, Result] = {}
        if self.path.exists():
            self._read()

    def _read(self) -> None:
        try:
            content = json.loads(self.path.read_text(encoding="utf-8"))
            rows = [Result(**row) for row in content["rows"]]
            head = {name: content[name] for name in self._head}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Failed(f"{self.path} cannot be read ({error}). Choose another folder with --output.") from error
        if head != self._head:
            kept = ", ".join(f"{name} {value}" for name, value in head.items())
            raise Failed(f"{self.path} holds results of {kept}. Choose another folder with --output.")
        self.rows = {row.name: row for row in rows}

    def add(self, result: Result) -> None:
        """Adds a row and writes the file."""
        self.rows[result.name] = result
        content = {**self._head, "rows": [asdict(row) for row in self.rows.values()]}
        write_atomic(self.path, json.dumps(content, indent=1) + "\n")

    def pending(self, rows: Sequence[Row]) -> list[Row]:
        """The rows that are not done. Those that failed are last."""
        missing = [row for row in rows if row.name not in self.rows]
        return missing + [row for row in rows if row.name in self.rows and self.rows[row.name].status == FAILED]
