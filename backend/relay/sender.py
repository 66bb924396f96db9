"""Sends one job's folder to the near end: whatever the near end does not have yet."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from ..jobs import follow
from ..jobs.events import EventReader
from ..jobs.folder import is_requested, request_control, withdraw_control
from ..jobs.lock import is_locked
from ..jobs.reading import open_regular, own_path
from ..jobs.states import DONE, read_state
from ..worker import due
from . import wire

EVENTS_BYTES = 1 << 18  # of events in one frame; a longer line is damage and ends the transfer
SCAN_EVERY_S = 2.0  # for files that change without an event
FileVersion = tuple[int, int]  # size in bytes, modification time in ms


class JobSender:
    """
    Args:
        folder: The job's folder on this host.
        events: Number of bytes of `events.jsonl` that the near end has.
        files: Other files that it has: path -> [size, ms].
    """

    def __init__(self, folder: Path, events: int, files: Mapping[str, Sequence[int]]) -> None:
        self.folder = folder
        self._events = events
        self._sent: dict[str, FileVersion] = {path: (int(size), int(ms)) for path, (size, ms) in files.items()}
        self._next_scan = 0.0
        self._is_killed = False  # the worker, because it did not react to `cancel`

    def control(self, name: str, *, is_on: bool) -> None:
        """Applies a control request of the client to this folder.

        Raises:
            JobError: The folder cannot be written.
        """
        if name == "resume":
            if is_on:
                self._resume()
        elif name in ("pause", "cancel"):
            if not is_on:
                withdraw_control(self.folder, name)
            elif not is_requested(self.folder, name):  # keeps the time of the first request
                request_control(self.folder, name)

    def _resume(self) -> None:
        """Requests a resume, unless the job is running or done, which the near end may not know yet."""
        for name in ("cancel", "pause"):
            withdraw_control(self.folder, name)
        if not is_locked(self.folder / "lock") and read_state(self.folder).status != DONE:
            request_control(self.folder, "resume")

    def update(self, send: Callable[[bytes], None]) -> bool:
        """Sends what is new, each file before the event that names it. Returns True when nothing more will be new."""
        # The lock first: a worker that has released it has written all its events.
        is_held = is_locked(self.folder / "lock")
        is_over = not is_held and not due.is_waiting(self.folder)
        events = self._new_events()
        if events or is_over or time.monotonic() >= self._next_scan:
            self._send_files(send)
            self._next_scan = time.monotonic() + SCAN_EVERY_S
        if events:
            send(wire.frame("events", events, job=self.folder.name, at=self._events))
            self._events += len(events)
        if is_held:
            self._enforce_cancel()
        return is_over and not events

    def _new_events(self) -> bytes:
        """New complete lines."""
        try:
            with open_regular(self.folder / "events.jsonl") as file:
                file.seek(self._events)
                data = file.read(EVENTS_BYTES)
        except OSError:
            return b""
        return data[: data.rfind(b"\n") + 1]

    def _send_files(self, send: Callable[[bytes], None]) -> None:
        for path, version in self._files():
            before = self._sent.get(path)
            if version != before:
                try:
                    file = open_regular(own_path(self.folder, path))
                except OSError:  # deleted or replaced since the listing
                    continue
                with file:
                    self._sent[path] = self._send_file(file, path, version, before, send)

    def _files(self) -> Iterator[tuple[str, FileVersion]]:
        for name, facts in wire.mirrored_files(self.folder):
            yield name, (facts.st_size, facts.st_mtime_ns // 1_000_000)

    def _send_file(
        self,
        file: IO[bytes],
        path: str,
        version: FileVersion,
        before: FileVersion | None,
        send: Callable[[bytes], None],
    ) -> FileVersion:
        """Sends a file, or the end of one that only grows. Returns the version that the near end then has.

        A file that changes during the transfer is sent again by the next update.
        """
        size, ms = version
        at = before[0] if path in wire.APPENDED and before is not None and before[0] <= size else 0
        file.seek(at)
        while True:
            data = file.read(min(wire.CHUNK_BYTES, size - at))
            is_last = at + len(data) >= size or not data
            send(wire.frame("file", data, job=self.folder.name, path=path, at=at, ms=ms, last=is_last))
            at += len(data)
            if is_last:
                return at, ms

    def _enforce_cancel(self) -> None:
        """Kills the process group of a worker that does not react to `cancel`."""
        try:
            waited_s = time.time() - (self.folder / "control" / "cancel").stat().st_mtime
        except OSError:
            return
        if self._is_killed or waited_s < follow.KILL_AFTER_S:
            return
        self._is_killed = True
        with suppress(ProcessLookupError, PermissionError):
            group = os.getpgid(self._worker_pid())
            if group != os.getpgrp():
                os.killpg(group, signal.SIGKILL)

    def _worker_pid(self) -> int:
        """Process id of the worker that holds the lock: that of the last `hello`.

        Raises:
            ProcessLookupError: No worker has written `hello`.
        """
        reader, pid = EventReader(self.folder), None
        while events := reader.read():
            for event in events:
                if event.get("kind") == "hello":
                    pid = event.get("pid")
        if type(pid) is not int or not 1 < pid < 1 << 31:
            raise ProcessLookupError
        return pid
