"""One followed job: what its folder says, and what was asked of it."""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from ..backend.jobs import remote
from ..backend.jobs.events import EventReader
from ..backend.jobs.folder import is_requested, withdraw_control
from ..backend.jobs.request import JobRequest
from ..backend.jobs.states import JobState, fold
from .place import Place

READ_BYTES = 1 << 12  # of events at once: about 30 of them, a quarter of a millisecond
HEAD_BYTES, TAIL_BYTES = 1 << 10, 1 << 13  # of an ended job's events: warnings lie in the one, the end in the other
_PROGRESS = b'"kind": "progress"'


class Job:
    """One followed job. `state` is what is true now; everything else here serves to find it out."""

    def __init__(self, folder: Path, request: JobRequest) -> None:
        self.folder = folder
        self.request = request
        self.state = JobState()
        self.is_known = False  # its events have been read to the end at least once
        self.awaits_hello = False  # this Blender asked for it and no worker has answered yet
        self.pause_asked = is_requested(folder, "pause")
        self.cancel_asked_at: float | None = None
        self.asked_at = time.monotonic()
        self.start_error = ""
        self.restarts = 0
        self.ahead = 0  # how many jobs the worker takes before it
        self.folded = JobState()
        self.is_locked = True  # until asked: a job is not called dead on a guess
        self.turn = _turn(folder)
        self._cancelled_before = is_requested(folder, "cancel")
        self._reader = EventReader(folder)
        self._dry_at = -1  # size of events.jsonl when there was nothing more to read

    @property
    def id(self) -> str:
        return self.folder.name

    @cached_property
    def place(self) -> Place:
        return Place(self.folder.parent, remote.read(self.folder))

    @property
    def cancel_asked(self) -> bool:
        return self.cancel_asked_at is not None or self._cancelled_before

    @property
    def needs_watching(self) -> bool:
        return not self.is_known or self.awaits_hello or not self.state.is_final

    @property
    def mesh_path(self) -> Path | None:
        return self.folder / self.state.mesh if self.state.mesh else None

    @property
    def preview_path(self) -> Path | None:
        return self.folder / self.state.preview if self.state.preview else None

    def forget_requests(self) -> None:
        """Pause and cancel no longer count: the job is resumed."""
        for name in ("cancel", "pause"):
            withdraw_control(self.folder, name)
        self.cancel_asked_at, self._cancelled_before, self.pause_asked, self.start_error = None, False, False, ""
        self.restarts = 0

    def recall(self) -> bool:
        """For a job that ended before anyone looked: its end, without reading the whole story. False if it has not ended.

        Of the many progress events only the last counts; the others are not even parsed.
        """
        try:
            with open(self.folder / "events.jsonl", "rb", buffering=0) as file:
                size = os.fstat(file.fileno()).st_size
                if size <= HEAD_BYTES + TAIL_BYTES:
                    head, tail = b"", file.read(size)
                else:
                    head = file.read(HEAD_BYTES).rpartition(b"\n")[0]
                    file.seek(size - TAIL_BYTES)
                    tail = file.read(TAIL_BYTES).partition(b"\n")[2]
        except OSError:
            return False
        told = tail.split(b"\n")
        unfinished = told.pop()  # empty when the last line is whole
        last = max((n for n, line in enumerate(told) if _PROGRESS in line), default=-1)
        lines = [*head.split(b"\n"), *(line for n, line in enumerate(told) if n == last or _PROGRESS not in line)]
        state = JobState()
        for line in lines:
            try:
                event = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(event, dict):
                state = fold(state, event)
        if not state.is_final:
            return False
        state = replace(state, report={})  # hundreds of numbers that no list shows
        self.folded, self.state, self.is_known = state, state, True
        self._reader = EventReader(self.folder, size - len(unfinished))
        return True

    def read(self, limit_bytes: int = READ_BYTES) -> bool:
        """Folds new events. True if there were any."""
        try:
            size = os.stat(self.folder / "events.jsonl").st_size
        except OSError:
            size = 0
        if size == self._dry_at:
            self.is_known = True
            return False
        events = list(self._reader.read(limit_bytes))
        if not events:  # a half-written line, or one that is longer than the limit
            events = list(self._reader.read(1 << 20))
        if not events:
            self._dry_at, self.is_known = size, True
        for event in events:
            self.folded = fold(self.folded, event)
            if event.get("kind") in ("hello", "bye"):  # a relay may say bye for a worker that never said hello
                # Who says hello holds the lock; what was found out about an earlier worker no longer counts.
                self.awaits_hello, self.is_locked, self.start_error = False, True, ""
        return bool(events)


def _turn(folder: Path) -> tuple[str, int, str]:
    """Sorts jobs as the worker takes them: by the second in their names, then by the time of the request's file."""
    try:
        written_ns = os.stat(folder / "job.json").st_mtime_ns
    except OSError:
        written_ns = 0
    return (folder.name[:15], written_ns, folder.name)
