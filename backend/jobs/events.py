"""`events.jsonl`: written by the worker, read by clients."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

PROTOCOL = 1


class EventWriter:
    """Appends numbered events to `events.jsonl`, each line in one unbuffered write. Numbering goes on after a resume.

    Raises:
        OSError: the file cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / "events.jsonl"
        known = path.read_bytes() if path.exists() else b""
        self._file = open(path, "ab", buffering=0)
        self._is_cut_off = bool(known) and not known.endswith(b"\n")  # the last worker died inside a line
        self._number = known.count(b"\n") + self._is_cut_off

    def __call__(self, kind: str, **facts: Any) -> None:
        """Raises OSError when the line could not be written whole; the next one then begins on a line of its own."""
        event = {"n": self._number + 1, "time": round(time.time(), 3), "kind": kind, **facts}
        line = json.dumps(event, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        if self._is_cut_off:
            line = b"\n" + line  # readers skip what is not JSON
        written = 0
        try:
            while written < len(line):
                written += self._file.write(line[written:])
        except OSError:
            self._is_cut_off = self._is_cut_off or written > 0
            raise
        self._is_cut_off = False
        self._number += 1

    def close(self) -> None:
        self._file.close()


class EventReader:
    """Reads what was added since the last call. A half-written last line waits for its end.

    Args:
        offset: bytes that are known already.
    """

    def __init__(self, folder: Path, offset: int = 0) -> None:
        self._path = folder / "events.jsonl"
        self._offset = offset

    def read(self, limit_bytes: int = 1 << 16) -> list[dict[str, Any]]:
        """New events, about `limit_bytes` of them, so that a client's timer tick stays short; none when there are none.

        One line that is longer than the limit is read whole.
        """
        events: list[dict[str, Any]] = []
        while not events and (lines := self._lines(limit_bytes)):
            for line in lines:
                try:
                    event = json.loads(line)
                except (ValueError, RecursionError):
                    continue
                if isinstance(event, dict):
                    events.append(event)
        return events

    def _lines(self, limit_bytes: int) -> list[bytes]:
        """Whole lines that were not read yet; none when there are none."""
        try:
            with open(self._path, "rb") as file:
                file.seek(self._offset)
                chunk = file.read(limit_bytes)
                if len(chunk) == limit_bytes and b"\n" not in chunk:
                    chunk += file.readline()
        except OSError:
            return []
        whole, newline, _ = chunk.rpartition(b"\n")
        self._offset += len(whole) + len(newline)
        return whole.split(b"\n") if newline else []
