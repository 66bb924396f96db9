"""Results as lines of JSON, appended as each comes, so that an interrupted evaluation goes on where it stopped."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...errors import UserError
from ...jobs.files import write_atomic


class ResultLog:
    """`<name>.jsonl`: one line for each finished piece of work, found again by its key.

    A line that a crash left half-written is no line: its piece is done again, and the new line starts on a fresh one.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._rows: dict[str, dict[str, Any]] = {}
        path.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        for line in text.splitlines():
            try:
                row = json.loads(line)
                self._rows[row["key"]] = row
            except (ValueError, KeyError, TypeError):
                continue
        self._torn = bool(text) and not text.endswith("\n")

    def __contains__(self, key: str) -> bool:
        return key in self._rows

    def get(self, key: str) -> dict[str, Any] | None:
        return self._rows.get(key)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """In the order in which they were first written."""
        return list(self._rows.values())

    def add(self, key: str, facts: Mapping[str, Any]) -> dict[str, Any]:
        """Appends the line; a later line of the same key counts instead of an earlier one."""
        row = {"key": key, **facts}
        with open(self.path, "a", encoding="utf-8") as file:
            file.write(("\n" if self._torn else "") + json.dumps(row, ensure_ascii=False) + "\n")
        self._torn = False
        self._rows[key] = row
        return row


def check_settings(folder: Path, facts: dict[str, Any], free: tuple[str, ...]) -> None:
    """Writes `settings.json`, or compares with the one that is there: results of different settings are never mixed.

    Args:
        free: names of settings that may differ between the runs.

    Raises:
        UserError: it holds other settings.
    """
    facts = {name: value for name, value in plain(facts).items() if name not in free}
    path = folder / "settings.json"
    folder.mkdir(parents=True, exist_ok=True)
    before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else facts
    if differing := [name for name in facts if before.get(name) != facts[name]]:
        raise UserError(
            f"{folder} holds results with another '{differing[0]}' ({before.get(differing[0])}): choose another folder.",
            "output",
        )
    write_atomic(path, json.dumps(facts, indent=2) + "\n")


def plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON gives it back: tuples as lists, paths as texts."""
    found: dict[str, Any] = json.loads(json.dumps(facts, default=str))
    return found
