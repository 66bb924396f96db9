"""One job on this computer: its folder, kept as the host's is."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from ..errors import JobError
from ..jobs.files import replace_file
from ..jobs.folder import is_requested, read_job, withdraw_control
from ..jobs.lock import FolderLock
from ..jobs.request import SCHEMA
from ..jobs.states import CANCELLED, DIED, FAILED, JobState, fold, settle
from . import wire
from .wire import MIRRORED_FOLDERS, Frame, WireError

CONTROLS = ("pause", "cancel")
TAIL_BYTES = 1 << 13  # of events.jsonl: an ended job's end is in it


class Mirror:
    """A job that this process looks after; it holds the job's lock.

    Args:
        folder: the job's folder.
        lock: that lock.

    Raises:
        OSError: the folder cannot be written.
        JobError: the request cannot be read.
    """

    def __init__(self, folder: Path, lock: FolderLock) -> None:
        self.folder = folder
        self.state = JobState()
        self._lock = lock
        self._request = read_job(folder)
        self._told: dict[str, bool] = {}  # the controls as the host knows them
        self._part: IO[bytes] | None = None  # a file that is coming
        self._part_path = ""
        self._far_bytes = 0  # of events.jsonl: those that are the worker's
        self._sweep()
        self._events = open(folder / "events.jsonl", "ab+", buffering=0)
        self._read_events()

    @property
    def is_accepted(self) -> bool:
        """Whether the host has had the request at some time."""
        return bool(self.state.host)

    def is_asked(self, name: str) -> bool:
        return is_requested(self.folder, name)

    def follow_message(self) -> dict[str, Any]:
        """What the host has to know to go on from what is here. The client's own notes are no part of the request."""
        self._told = {name: self.is_asked(name) for name in CONTROLS}
        return {
            "do": "follow",
            "request": {"schema": SCHEMA, **asdict(self._request), "origin": {}},
            "events": self._far_bytes,
            "files": dict(self._files()),
            "controls": {**self._told, "resume": self.is_asked("resume")},
        }

    def new_controls(self) -> Iterator[dict[str, Any]]:
        """What was asked, or taken back, since the host was told last."""
        for name in CONTROLS:
            is_on = self.is_asked(name)
            if is_on != self._told.get(name):
                self._told[name] = is_on
                yield {"do": "control", "job": self.folder.name, "name": name, "on": is_on}

    def receive(self, frame: Frame) -> None:
        """Takes events or a piece of a file.

        Raises:
            WireError: it does not fit what is here.
            OSError: it cannot be written.
        """
        if frame.kind == "events":
            if frame.head.get("at") != self._far_bytes or not frame.payload.endswith(b"\n"):
                raise WireError("events that are not the next ones")
            self._append(frame.payload)
            self._far_bytes += len(frame.payload)
        elif frame.kind == "file":
            self._take_piece(frame.head, frame.payload)

    def note_accepted(self, host: str) -> None:
        withdraw_control(self.folder, "resume")
        if self.state.host != host or self.state.link:
            self.tell("link", host=host, message="")

    def note_lost(self, host: str, why: str) -> None:
        if self.state.link != why:
            self.tell("link", host=host, message=why)

    def fail(self, message: str, code: str) -> None:
        """Ends the job here."""
        withdraw_control(self.folder, "resume")
        self.tell("error", message=message, code=code)
        self.tell("bye", status=FAILED)
        self.release()

    def give_up(self, message: str) -> None:
        """The person cancelled, and the host cannot be told."""
        self.tell("warning", message=message)
        self.tell("bye", status=CANCELLED)
        self.release()

    def finish(self) -> None:
        """Nothing more will come. A worker that died over there could not say so itself."""
        if not self.state.is_final:
            lost = settle(self.state, alive=False)
            message = lost.error or "The host has let the job go: try again."
            self.tell("error", message=message, code="died")
            self.tell("bye", status=DIED)
        self.release()

    def release(self) -> None:
        self._drop_part()
        self._events.close()
        self._lock.release()

    def tell(self, kind: str, **facts: Any) -> None:
        """An event of the relay's own."""
        event = {"time": round(time.time(), 3), "kind": kind, "relay": True, **facts}
        self._append(json.dumps(event, ensure_ascii=False).encode("utf-8", "replace") + b"\n")

    def _append(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[self._events.write(view) :]
        self._fold(data)

    def _fold(self, data: bytes) -> None:
        for event in events_in(data):
            self.state = fold(self.state, event)
            if event.get("kind") == "bye" and event.get("status") == CANCELLED:
                withdraw_control(self.folder, "cancel")

    def _read_events(self) -> None:
        """What is here already. Half a line, left by a relay that was killed, is taken away: it comes again."""
        self._events.seek(0)
        data = self._events.read() or b""
        whole = data.rfind(b"\n") + 1
        if whole < len(data):
            self._events.truncate(whole)
        self._far_bytes = sum(len(text) + 1 for text in data[:whole].split(b"\n")[:-1] if not is_own(text))
        for event in events_in(data[:whole]):
            self.state = fold(self.state, event)

    def _sweep(self) -> None:
        """Removes what a relay that was killed left behind."""
        for name in MIRRORED_FOLDERS:
            for path in (self.folder / name).glob(".*.tmp"):
                path.unlink(missing_ok=True)

    def _files(self) -> Iterator[tuple[str, tuple[int, int]]]:
        for path in self.folder.rglob("*"):
            name = path.relative_to(self.folder).as_posix()
            if wire.is_mirrored(name) and path.is_file():
                found = path.stat()
                yield name, (found.st_size, found.st_mtime_ns // 1_000_000)

    def _take_piece(self, head: Mapping[str, Any], payload: bytes) -> None:
        path, at, ms = str(head.get("path")), head.get("at"), head.get("ms")
        if not wire.is_mirrored(path) or not isinstance(at, int) or not isinstance(ms, int):
            raise WireError(f"a file that is none of the job's, {path[:80]!r}")
        if not self.folder.is_dir():  # deleted meanwhile: no part of it is made anew
            raise FileNotFoundError(self.folder)
        target = self.folder / path
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
        size = target.stat().st_size if target.exists() else 0
        if at not in (0, size):
            raise WireError("a piece that is not the next one")
        with open(target, "ab" if at else "wb") as file:
            file.write(payload)

    def _write_piece(self, target: Path, at: int, payload: bytes) -> None:
        if at == 0:
            self._drop_part()
            target.parent.mkdir(parents=True, exist_ok=True)
            self._part = open(target.with_name(f".{target.name}.{os.getpid()}.tmp"), "wb")
            self._part_path = str(target)
        if self._part is None or self._part_path != str(target) or self._part.tell() != at:
            raise WireError("a piece that is not the next one")
        self._part.write(payload)

    def _close_part(self) -> Path:
        assert self._part is not None
        self._part.close()
        part, self._part = Path(self._part.name), None
        return part

    def _drop_part(self) -> None:
        if self._part is not None:
            self._close_part().unlink(missing_ok=True)

    def forget_part(self) -> None:
        """The connection is gone: a file that was coming begins anew."""
        self._drop_part()


def events_in(data: bytes) -> Iterator[dict[str, Any]]:
    for text in data.split(b"\n"):
        if event := _event(text):
            yield event


def is_own(text: bytes) -> bool:
    """Whether a line of events.jsonl is the relay's, not the worker's."""
    return b'"relay"' in text and _event(text).get("relay") is True


def _event(text: bytes) -> dict[str, Any]:
    try:
        event = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return event if isinstance(event, dict) else {}


def is_over(folder: Path) -> bool:
    """Whether the job has ended, from the end of its events alone."""
    try:
        with open(folder / "events.jsonl", "rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - TAIL_BYTES))
            state = JobState()
            for event in events_in(file.read()):
                state = fold(state, event)
            return state.is_final
    except OSError:
        return False


def take(folder: Path) -> Mirror | None:
    """The job, if nobody else has it.

    Raises:
        OSError, JobError: its folder cannot be written, or its request cannot be read.
    """
    lock = FolderLock(folder / "lock")
    if not lock.acquire():
        return None
    try:
        return Mirror(folder, lock)
    except (JobError, OSError):
        lock.release()
        raise
