"""The near end's copy of one job: keeps the local folder equal to the remote one."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from ..errors import JobError
from ..jobs.events import MAX_LINE_BYTES, parse_lines, read_blocks
from ..jobs.files import replace_file, temporary_path, write_all
from ..jobs.folder import ensure_folders, is_requested, read_job, withdraw_control
from ..jobs.lock import FolderLock
from ..jobs.reading import open_regular, own_path
from ..jobs.states import CANCELLED, DIED, FAILED, JobState, fold, settle
from . import wire
from .wire import Frame, WireError

CONTROLS = ("pause", "cancel")
MAX_MS = 1 << 42  # modification times, since 1970; the year 2109


class Mirror:
    """A job that this process mirrors while it holds the job's lock.

    Args:
        folder: The job's local folder.
        lock: Its lock, acquired.

    Raises:
        OSError: The folder cannot be written.
        JobError: The request cannot be read, or a folder of the job is a link.
    """

    def __init__(self, folder: Path, lock: FolderLock) -> None:
        self.folder = folder
        self.state = JobState()
        self._lock = lock
        self._request = read_job(folder)
        self.is_sent = False  # the request, by this relay
        self.losses = 0  # of the connection, before the host confirmed the request
        self._sent_controls: dict[str, bool] = {}
        self._part: IO[bytes] | None = None  # a partly received file
        self._part_path = ""
        self._remote_bytes = 0  # of events.jsonl: those written by the remote worker
        ensure_folders(folder)
        self._events = open_regular(folder / "events.jsonl", "ab+")
        try:
            self._read_events()
        except OSError:
            self._events.close()
            raise

    @property
    def is_accepted(self) -> bool:
        """Whether the host has confirmed the request at some time."""
        return bool(self.state.host)

    @property
    def is_held(self) -> bool:
        """Whether this process still has the job. Not if someone has deleted its folder or its lock."""
        return self._lock.is_held

    def is_requested(self, name: str) -> bool:
        return is_requested(self.folder, name)

    def input_messages(self) -> Iterator[dict[str, Any]]:
        """The messages with the files that the job works on. None once the host has the job.

        Raises:
            OSError: A file cannot be read.
        """
        return iter(()) if self.is_accepted else wire.input_messages(self.folder)

    def follow_message(self) -> dict[str, Any]:
        """The message that makes the far end continue from the local state. Omits `origin`, the client's private notes."""
        self._sent_controls = {name: self.is_requested(name) for name in CONTROLS}
        return {
            "do": "follow",
            "request": {"schema": self._request.schema, **asdict(self._request), "origin": {}},
            "events": self._remote_bytes,
            "files": dict(self._files()),
            "controls": {**self._sent_controls, "resume": self.is_requested("resume")},
        }

    def new_controls(self) -> Iterator[dict[str, Any]]:
        """Messages for the control requests that were made or withdrawn since the last call."""
        for name in CONTROLS:
            is_on = self.is_requested(name)
            if is_on != self._sent_controls.get(name):
                self._sent_controls[name] = is_on
                yield {"do": "control", "job": self.folder.name, "name": name, "on": is_on}

    def receive(self, frame: Frame) -> None:
        """Stores events or a piece of a file.

        Raises:
            WireError: The frame does not continue the local state.
            OSError: The folder cannot be written.
        """
        if frame.kind == "events":
            if frame.head.get("at") != self._remote_bytes or not frame.payload.endswith(b"\n"):
                raise WireError("events are out of order")
            self._append(frame.payload)
            self._remote_bytes += len(frame.payload)
        elif frame.kind == "file":
            self._receive_piece(frame.head, frame.payload)

    def note_accepted(self, host: str) -> None:
        withdraw_control(self.folder, "resume")
        if self.state.host != host or self.state.link:
            self.emit("link", host=host, message="", code="")

    def note_lost(self, host: str, message: str, code: str) -> None:
        if self.state.link != message:
            self.emit("link", host=host, message=message, code=code)

    def fail(self, message: str, code: str) -> None:
        """Ends the job as failed."""
        withdraw_control(self.folder, "resume")
        self.emit("error", message=message, code=code)
        self.emit("bye", status=FAILED)
        self.release()

    def cancel(self, warning: str) -> None:
        """Ends the job as canceled, without the remote host."""
        self.emit("warning", message=warning)
        self.emit("bye", status=CANCELLED)
        self.release()

    def finish(self) -> None:
        """The host has sent everything. Without `bye`, the remote worker has died."""
        if not self.state.is_final:
            message = settle(self.state, alive=False).error or "The remote host dropped the job. Try again."
            self.emit("error", message=message, code="died")
            self.emit("bye", status=DIED)
        self.release()

    def release(self) -> None:
        self.drop_part()
        self._events.close()
        self._lock.release()

    def emit(self, kind: str, **facts: Any) -> None:
        """Appends an event of the relay."""
        event = {"time": round(time.time(), 3), "kind": kind, "relay": True, **facts}
        self._append(json.dumps(event, ensure_ascii=False).encode("utf-8", "replace") + b"\n")

    def drop_part(self) -> None:
        """Deletes a partly received file. The far end sends it again over the next connection."""
        if self._part is not None:
            self._close_part().unlink(missing_ok=True)

    def _append(self, data: bytes) -> None:
        write_all(self._events, data)
        for event in parse_lines(data.split(b"\n")):
            self.state = fold(self.state, event)
            if event.get("kind") == "bye" and event.get("status") == CANCELLED:
                withdraw_control(self.folder, "cancel")

    def _read_events(self) -> None:
        """Folds the present events. Removes an incomplete last line, left by a killed relay; it is sent again."""
        rest, complete = b"", 0
        for block in read_blocks(self._events):
            *lines, rest = (rest + block).split(b"\n")
            complete += sum(len(text) + 1 for text in lines)
            self._remote_bytes += sum(len(text) + 1 for text in lines if not is_own(text))
            for event in parse_lines(lines):
                self.state = fold(self.state, event)
            if len(rest) > MAX_LINE_BYTES:  # damage
                complete, self._remote_bytes, rest = complete + len(rest), self._remote_bytes + len(rest), b""
        if rest:
            self._events.truncate(complete)

    def _files(self) -> Iterator[tuple[str, tuple[int, int]]]:
        for name, facts in wire.mirrored_files(self.folder):
            yield name, (facts.st_size, facts.st_mtime_ns // 1_000_000)

    def _receive_piece(self, head: Mapping[str, Any], payload: bytes) -> None:
        path, at, ms = str(head.get("path")), head.get("at"), head.get("ms")
        if not wire.is_mirrored(path) or not isinstance(at, int) or not isinstance(ms, int) or not 0 <= ms < MAX_MS:
            raise WireError(f"{path[:80]!r} is not a file of the job")
        if not self.folder.is_dir():  # the job was deleted; do not create its folder again
            raise FileNotFoundError(self.folder)
        target = own_path(self.folder, path)
        if path in wire.APPENDED:
            self._append_piece(target, at, payload)
        else:
            self._write_piece(target, at, payload)
            if not head.get("last"):
                return
            part = self._close_part()
            os.utime(part, ns=(ms * 1_000_000, ms * 1_000_000))
            replace_file(part, target)

    def _append_piece(self, target: Path, at: int, payload: bytes) -> None:
        with open_regular(target, "ab") as file:
            if at not in (0, file.tell()):
                raise WireError("a piece of a file is out of order")
            if not at:
                file.truncate(0)
            write_all(file, payload)

    def _write_piece(self, target: Path, at: int, payload: bytes) -> None:
        if at == 0:
            self.drop_part()
            target.parent.mkdir(parents=True, exist_ok=True)
            self._part = open_regular(temporary_path(target), "xb")
            self._part_path = str(target)
        if self._part is None or self._part_path != str(target) or self._part.tell() != at:
            raise WireError("a piece of a file is out of order")
        write_all(self._part, payload)

    def _close_part(self) -> Path:
        assert self._part is not None
        self._part.close()
        part, self._part = Path(self._part.name), None
        return part


def is_own(line: bytes) -> bool:
    """Whether the relay wrote this line of `events.jsonl`, not the remote worker."""
    return b'"relay"' in line and any(event.get("relay") is True for event in parse_lines([line]))


def open_mirror(folder: Path) -> Mirror | None:
    """Starts mirroring a job; None if another process holds its lock.

    Raises:
        OSError, JobError: The folder cannot be written, or the request cannot be read.
    """
    lock = FolderLock(folder / "lock")
    if not lock.acquire():
        return None
    try:
        return Mirror(folder, lock)
    except (JobError, OSError):
        lock.release()
        raise
