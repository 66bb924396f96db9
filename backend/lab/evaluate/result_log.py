"""Stores results line by line as JSON, so that an interrupted evaluation can be resumed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...errors import UserError
from ...jobs.files import write_atomic


class ResultLog:
    """A `.jsonl` file with one row per finished piece of work, identified by a key. Incomplete lines are ignored."""

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
        """All rows, in the order in which their keys were first added."""
        return list(self._rows.values())

    def add(self, key: str, facts: Mapping[str, Any]) -> dict[str, Any]:
        """Appends a row and returns it. It replaces earlier rows with the same key."""
        row = {"key": key, **facts}
        with open(self.path, "a", encoding="utf-8") as file:
            file.write(("\n" if self._torn else "") + json.dumps(row, ensure_ascii=False) + "\n")
        self._torn = False
        self._rows[key] = row
        return row


def check_settings(folder: Path, facts: dict[str, Any], free: tuple[str, ...]) -> None:
    """Writes `settings.json`, or compares with the existing one, so that results of different settings are not mixed.

    Args:
        free: names of settings that may differ between runs in the same folder.

    Raises:
        UserError: the folder contains results of other settings.
    """
    facts = {name: value for name, value in plain(facts).items() if name not in free}
    path = folder / "settings.json"
    folder.mkdir(parents=True, exist_ok=True)
    before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else facts
    if differing := [name for name in facts if before.get(name) != facts[name]]:
        raise UserError(
            f"The folder {folder} contains results with another '{differing[0]}' ({before.get(differing[0])}). "
            "Choose another folder.",
            "output",
        )
    write_atomic(path, json.dumps(facts, indent=2) + "\n")


def plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the values as they are after JSON: tuples as lists, paths as strings."""
    converted: dict[str, Any] = json.loads(json.dumps(facts, default=str))
    return converted
