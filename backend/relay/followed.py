"""One job as the far half sees it: what of its folder the near half has not got yet."""

from __future__ import annotations

import os
import signal
import stat
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from ..jobs.events import EventReader
from ..jobs.folder import is_requested, request_control, withdraw_control
from ..jobs.lock import is_locked
from ..jobs.states import DONE, read_state
from ..worker import due
from . import wire

EVENTS_BYTES = 1 << 18  # of events at once
SCAN_EVERY_S = 2.0  # for what changes without an event
TERMINATE_AFTER_S = 15.0  # a worker that does not heed `cancel`
KILL_AFTER_S = 20.0
Known = tuple[int, int]  # size in bytes, time of the last change in ms


class Followed:
    """
    Args:
        events: how many bytes of events.jsonl the near half has.
        files: what else it has: path -> [size, ms].
    """

    def __init__(self, folder: Path, events: int, files: Mapping[str, Sequence[int]]) -> None:
        self.folder = folder
        self._events = events
        self._known: dict[str, Known] = {path: (int(size), int(ms)) for path, (size, ms) in files.items()}
        self._scan_at = 0.0
        self._insisted = 0  # how often the worker was told to end

    def control(self, name: str, *, is_on: bool) -> None:
        """What the person asked for, as a file of this folder.

        Raises:
            JobError: the folder cannot be written.
        """
        if name == "resume":
            if is_on:
                self._resume()
        elif name in ("pause", "cancel"):
            if not is_on:
                withdraw_control(self.folder, name)
            elif not is_requested(self.folder, name):  # its time says how long ago that was
                request_control(self.folder, name)

    def _resume(self) -> None:
        """Nothing is begun anew that goes on, or is done: the near half may not know that yet."""
        for name in ("cancel", "pause"):
            withdraw_control(self.folder, name)
        if not is_locked(self.folder / "lock") and read_state(self.folder).status != DONE:
            request_control(self.folder, "resume")

    def look(self, send: Callable[[bytes], None]) -> bool:
        """Sends what is new, each file before the event that names it. True when nothing will be new any more."""
        # In this order: a worker that is gone by now has said everything that will be read.
        is_held = is_locked(self.folder / "lock")
        is_over = not is_held and not due.is_waiting(self.folder)
        events = self._new_events()
        if events or is_over or time.monotonic() >= self._scan_at:
            self._send_files(send)
            self._scan_at = time.monotonic() + SCAN_EVERY_S
        if events:
            send(wire.frame("events", events, job=self.folder.name, at=self._events))
            self._events += len(events)
        if is_held:
            self._insist_on_cancel()
        return is_over and not events

    def _new_events(self) -> bytes:
        """Whole lines only."""
        try:
            with open(self.folder / "events.jsonl", "rb") as file:
                file.seek(self._events)
                data = file.read(EVENTS_BYTES)
                if len(data) == EVENTS_BYTES:
                    data += file.readline()
        except OSError:
            return b""
        return data[: data.rfind(b"\n") + 1]

    def _send_files(self, send: Callable[[bytes], None]) -> None:
        for path, now in self._files():
            before = self._known.get(path)
            if now != before:
                with suppress(FileNotFoundError):  # gone meanwhile
                    self._known[path] = self._send_file(path, now, before, send)

    def _files(self) -> Iterator[tuple[str, Known]]:
        for path in sorted((self.folder / "settings.json", self.folder / "log.txt", *self._below())):
            name = path.relative_to(self.folder).as_posix()
            with suppress(OSError):
                found = path.lstat()
                if wire.is_mirrored(name) and stat.S_ISREG(found.st_mode):
                    yield name, (found.st_size, found.st_mtime_ns // 1_000_000)

    def _below(self) -> Iterator[Path]:
        for folder in wire.MIRRORED_FOLDERS:
            yield from (self.folder / folder).rglob("*")

    def _send_file(self, path: str, now: Known, before: Known | None, send: Callable[[bytes], None]) -> Known:
        """What the near half has afterwards. A file that changes meanwhile is sent again at the next look."""
        size, ms = now
        is_grown = path in wire.APPENDED and before is not None and before[0] <= size
        at = before[0] if is_grown and before is not None else 0
        with open(self.folder / path, "rb") as file:
            file.seek(at)
            while True:
                data = file.read(min(wire.CHUNK_BYTES, size - at))
                is_last = at + len(data) >= size or not data
                send(wire.frame("file", data, job=self.folder.name, path=path, at=at, ms=ms, last=is_last))
                at += len(data)
                if is_last:
                    return at, ms

    def _insist_on_cancel(self) -> None:
        """Terminates, then kills the process group of a worker that does not heed `cancel`."""
        try:
            asked_s = time.time() - (self.folder / "control" / "cancel").stat().st_mtime
        except OSError:
            return
        if asked_s < (TERMINATE_AFTER_S, KILL_AFTER_S, float("inf"))[self._insisted]:
            return
        sign = (signal.SIGTERM, signal.SIGKILL)[self._insisted]
        self._insisted += 1
        with suppress(ProcessLookupError, PermissionError):
            group = os.getpgid(self._worker_id())
            if group != os.getpgrp():
                os.killpg(group, sign)

    def _worker_id(self) -> int:
        """Who holds the lock has said hello last.

        Raises:
            ProcessLookupError: nobody did.
        """
        reader, found = EventReader(self.folder), 0
        while events := reader.read():
            for event in events:
                if event.get("kind") == "hello":
                    found = int(event.get("pid", 0))
        if found <= 1:
            raise ProcessLookupError
        return found
