"""`events.jsonl`: written by the worker, read by clients. See the package's documentation for the kinds of events."""

from __future__ import annotations

import errno
import json
import os
import time
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import IO, Any

from .reading import open_regular, parse

PROTOCOL = 1
MAX_LINE_BYTES = 1 << 17  # of an event; the result with its report has about 10 KB
MAX_LINES = 64  # per read
MAX_FILE_BYTES = 1 << 30  # weeks of events; the rest is not read


class EventWriter:
    """Appends numbered events to `events.jsonl`, each line in one unbuffered write. A resumed job continues the numbers.

    Raises:
        OSError: The file cannot be written, or is too large.
    """

    def __init__(self, folder: Path) -> None:
        self._file = open_regular(folder / "events.jsonl", "ab+")
        lines, last = 0, b"\n"
        try:
            for block in read_blocks(self._file):
                lines, last = lines + block.count(b"\n"), block[-1:]
        except OSError:
            self._file.close()
            raise
        self._is_cut_off = last != b"\n"  # the previous worker died inside a line
        self._number = lines + self._is_cut_off

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
        self._path = os.path.join(folder, "events.jsonl")
        self._offset = offset
        self._skips_line = False  # the rest of a line that is too long
        self.is_at_end = False  # the last call of `read` found no complete line

    def read(self, limit_bytes: int = 1 << 16, tries: int = 0) -> list[dict[str, Any]]:
        """About `limit_bytes` of new events, which keeps a timer tick of the client short. Empty if nothing is new.

        Args:
            limit_bytes: Of one read. A longer line is read completely up to `MAX_LINE_BYTES`, and skipped beyond.
            tries: Reads without an event, for example of damaged lines, before an empty list is returned although there is
                more (see `is_at_end`). 0: any number.
        """
        self.is_at_end = False
        for number in count(1):
            events = list(parse_lines(self._read_lines(limit_bytes)))
            if events or self.is_at_end or number == tries:
                return events
        return []

    def _read_lines(self, limit_bytes: int) -> list[bytes]:
        """New complete lines, at most `MAX_LINES`."""
        try:
            with open_regular(self._path) as file:
                file.seek(self._offset)
                chunk = file.read(limit_bytes) if self._offset < MAX_FILE_BYTES else b""
                if len(chunk) == limit_bytes and b"\n" not in chunk:
                    chunk += file.read(MAX_LINE_BYTES)
        except OSError:
            chunk = b""
        if b"\n" not in chunk:
            if len(chunk) <= MAX_LINE_BYTES:  # incomplete
                self.is_at_end = True
            else:
                self._offset += len(chunk)
                self._skips_line = True
            return []
        lines = chunk.split(b"\n", MAX_LINES)[:-1]
        self._offset += sum(map(len, lines)) + len(lines)
        if self._skips_line:
            lines, self._skips_line = lines[1:], False
        return lines


def read_blocks(file: IO[bytes]) -> Iterator[bytes]:
    """The content of an open `events.jsonl`.

    Raises:
        OSError: The file is larger than `MAX_FILE_BYTES`.
    """
    if os.fstat(file.fileno()).st_size > MAX_FILE_BYTES:
        raise OSError(errno.EFBIG, "it is too large", file.name)
    file.seek(0)
    while block := file.read(1 << 20):
        yield block


def parse_lines(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """The events in these lines. Lines that hold no JSON object, or are too long, are skipped."""
    for line in lines:
        if not line.startswith(b"{") or len(line) > MAX_LINE_BYTES:
            continue
        try:
            event = parse(line)
        except ValueError:
            continue
        if isinstance(event, dict):
            yield event
