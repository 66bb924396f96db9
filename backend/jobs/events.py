"""`events.jsonl`: written by the worker, read by clients. See the package's documentation for the kinds of events."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

PROTOCOL = 1


class EventWriter:
    """Appends numbered events to `events.jsonl`, each line in one unbuffered write. A resumed job continues the numbers.

    Raises:
        OSError: The file cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / "events.jsonl"
        existing = path.read_bytes() if path.exists() else b""
        self._file = open(path, "ab", buffering=0)
        self._is_cut_off = bool(existing) and not existing.endswith(b"\n")  # the previous worker died inside a line
        self._number = existing.count(b"\n") + self._is_cut_off

    def __call__(self, kind: str, **facts: Any) -> None:
        """Appends one event.

        Raises:
            OSError: The line was not written completely. The next event starts on a new line.
        """
        event = {"n": self._number + 1, "time": round(time.time(), 3), "kind": kind, **facts}
        line = json.dumps(event, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        if self._is_cut_off:
            line = b"\n" + line  # readers skip lines that are not JSON
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
    """Reads the events that were added since the last call. An incomplete last line is read once it is complete.

    Args:
        folder: The job's folder.
        offset: Bytes of the file to skip.
    """

    def __init__(self, folder: Path, offset: int = 0) -> None:
        self._path = folder / "events.jsonl"
        self._offset = offset

    def read(self, limit_bytes: int = 1 << 16) -> list[dict[str, Any]]:
        """About `limit_bytes` of new events, which keeps a timer tick of the client short. Empty if nothing is new.

        A single line longer than the limit is read completely.
        """
        events: list[dict[str, Any]] = []
        while not events and (lines := self._read_lines(limit_bytes)):
            events = list(parse_lines(lines))
        return events

    def _read_lines(self, limit_bytes: int) -> list[bytes]:
        """New complete lines."""
        try:
            with open(self._path, "rb") as file:
                file.seek(self._offset)
                chunk = file.read(limit_bytes)
                if len(chunk) == limit_bytes and b"\n" not in chunk:
                    chunk += file.readline()
        except OSError:
            return []
        complete, newline, _ = chunk.rpartition(b"\n")
        self._offset += len(complete) + len(newline)
        return complete.split(b"\n") if newline else []


def parse_lines(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """The events in these lines. Lines that hold no JSON object are skipped."""
    for line in lines:
        try:
            event = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(event, dict):
            yield event
