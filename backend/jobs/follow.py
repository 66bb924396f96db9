"""Follows a job from outside. Both clients use this module: the add-on's job board and the command line.

`JobFollower` never blocks: the caller decides when to read events and to probe locks. `JobRunner` adds the loop of the command
line, which blocks until the job has ended.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from ..errors import JobError
from . import launch, states
from .events import EventReader, parse_lines
from .folder import is_requested, request_control, withdraw_control
from .launch import Child
from .lock import is_locked
from .reading import read_ends
from .remote import Location, location_of
from .states import JobState, fold, settle

READ_BYTES = 1 << 12  # of events per read: about 30 events, folded in a quarter of a millisecond
# Read of an ended job's events: warnings are near the start, the result and `bye` at the end.
HEAD_BYTES, TAIL_BYTES = 1 << 10, 1 << 13
TAIL_LINES = 64  # besides those with progress
LONG_BYTES = 1 << 16  # 500 events, which take 2 s. Of a longer file, the start and the end tell enough
_PROGRESS, _TURNTABLE = '"kind": "progress"', '"kind": "turntable"'

# A worker that does not react to `cancel` ends itself before (see `worker.watchdog`), unless native code blocks it.
KILL_AFTER_S = 4.0
MAX_RESTARTS = 3  # of a worker that ended without taking the job, because it became idle while the job was added
POLL_S = 0.1
RESOLUTION_NS = 3_000_000_000  # of a folder's time, on any file system


class JobFollower:
    """One job as its folder describes it: events, locks and control files. No call blocks.

    `state` is what clients show. `folded` is the state from the events alone. A client may have thousands of ended jobs, so
    what only a running job needs is made when it is needed.
    """

    def __init__(self, folder: Path | str) -> None:
        self.path = os.fspath(folder)
        self.state = self.folded = states.INITIAL
        self.is_known = False  # the events have been read to their end at least once
        self.awaits_hello = False  # this client submitted or resumed the job, and no worker has answered yet
        self.is_locked = True  # assumed until the first probe: a job is not reported dead without one
        self.resume_requested = False  # by any client, and no worker has taken the job yet
        self.cancel_requested_at: float | None = None  # in seconds of the client's clock; None if another client did it
        self.start_error = ""  # why no worker takes the job, for the user
        self.restarts = 0
        self._reader: EventReader | None = None
        self._read_from = 0  # where the reader starts
        self._read_size = -1  # size of events.jsonl when nothing more could be read
        self._control_mtime_ns = -1  # when the requests were read

    @cached_property
    def folder(self) -> Path:
        return Path(self.path)

    @cached_property
    def location(self) -> Location:
        return location_of(self.folder)

    # --- control requests --------------------------------------------------------------------------------------------

    @cached_property
    def pause_requested(self) -> bool:
        return is_requested(self.folder, "pause")

    @cached_property
    def _was_cancel_requested(self) -> bool:
        return is_requested(self.folder, "cancel")

    @property
    def is_cancel_requested(self) -> bool:
        return self.cancel_requested_at is not None or self._was_cancel_requested

    def pause(self) -> None:
        request_control(self.folder, "pause")
        self.pause_requested = True

    def unpause(self) -> None:
        withdraw_control(self.folder, "pause")
        self.pause_requested = False

    def cancel(self, now: float) -> None:
        request_control(self.folder, "cancel")
        if self.cancel_requested_at is None:
            self.cancel_requested_at = now

    def resume(self) -> None:
        """Requests that a worker continue the job from its last checkpoint. Withdraws pause and cancel.

        Does nothing if a worker runs the job, because another client has resumed it.
        """
        self.read(1 << 16)
        if self.is_running and is_locked(self.folder / "lock"):
            return
        for name in ("cancel", "pause"):
            withdraw_control(self.folder, name)
        self.cancel_requested_at, self._was_cancel_requested, self.pause_requested = None, False, False
        self.start_error, self.restarts = "", 0
        request_control(self.folder, "resume")
        self.awaits_hello = True

    def look(self) -> bool:
        """Reads what other clients have requested. Returns whether that or the events have changed.

        Costs little if nothing has changed, also for a job that has ended.
        """
        try:
            mtime_ns = os.stat(f"{self.path}{os.sep}control").st_mtime_ns
        except OSError:
            mtime_ns = 0
        has_changed = mtime_ns != self._control_mtime_ns and not self._has_ended() and self._read_controls()
        # Another request within the resolution of the time would leave it unchanged.
        is_settled = abs(time.time_ns() - mtime_ns) > RESOLUTION_NS
        self._control_mtime_ns = mtime_ns if is_settled else -1
        return has_changed or self._size() != self._read_size

    def _has_ended(self) -> bool:
        """Whether the job has ended and nobody has resumed it. Its other requests have no effect."""
        is_resumed = self.awaits_hello or self.resume_requested or is_requested(self.path, "resume")
        return self.folded.is_final and not is_resumed

    def _read_controls(self) -> bool:
        """Reads the control files. Returns whether a request has changed."""
        before = self.pause_requested, self.resume_requested, self.is_cancel_requested
        self.pause_requested = is_requested(self.folder, "pause")
        self.resume_requested = is_requested(self.folder, "resume")
        self._was_cancel_requested = is_requested(self.folder, "cancel")
        if not self._was_cancel_requested:  # the job has ended, or another client has resumed it
            self.read(1 << 16)
            self.cancel_requested_at = None
        return before != (self.pause_requested, self.resume_requested, self.is_cancel_requested)

    # --- events and lock ---------------------------------------------------------------------------------------------

    def read(self, limit_bytes: int = READ_BYTES) -> bool:
        """Folds new events. Returns whether any were found."""
        events = self._new_events(limit_bytes)
        for event in events:
            self._apply(event)
        return bool(events)

    def recall(self) -> bool:
        """Reads the end state of a job that has ended, from the start and the end of its events only.

        Of the many progress events, only the last is parsed. Returns False if the job has not ended; then all events must be
        read, unless there are too many.
        """
        try:
            size, head, tail = read_ends(f"{self.path}{os.sep}events.jsonl", HEAD_BYTES, TAIL_BYTES)
        except OSError:
            return False
        # As text of one character for each byte, which is searched several times as fast as bytes.
        first = head.decode("latin-1").split("\n", TAIL_LINES)[:-1]  # has the warnings of the prompt
        lines = tail.decode("latin-1").split("\n")
        incomplete = lines.pop()  # empty if the last line is complete
        if head:
            del lines[:1]  # its start may be missing
        last = len(lines) - 1
        while last > 0 and _PROGRESS not in lines[last]:
            last -= 1
        kept = [line for line in lines[:last] if _PROGRESS not in line] + lines[last:]
        kept = [line for line in first if _PROGRESS not in line] + kept[-TAIL_LINES:]
        state = states.INITIAL
        for event in parse_lines(line.encode("latin-1") for line in kept if _TURNTABLE not in line):
            state = fold(state, event)
        if not state.is_final and size < LONG_BYTES:
            return False
        # Without the hundreds of numbers of the report, which no list shows.
        state = states.changed(state, report={})
        self.folded, self.state, self.is_known = state, state, True
        self._read_size, self._read_from = size, size - len(incomplete)
        return state.is_final

    def probe(self) -> None:
        """Tests the job's lock.

        A worker may write many events and end. It counts as gone only when all of them have been read. The lock of a job that no
        worker has taken says nothing.
        """
        is_taken = self.folded.status != states.QUEUED or self.folded.host
        if is_taken and not self.awaits_hello and not self.folded.is_final:
            self.is_locked = is_locked(self.folder / "lock") or self.read()

    def _size(self) -> int:
        """The size of events.jsonl."""
        try:
            return os.stat(f"{self.path}{os.sep}events.jsonl").st_size
        except OSError:
            return 0

    def _new_events(self, limit_bytes: int) -> list[dict[str, Any]]:
        size = self._size()
        if size == self._read_size:
            self.is_known = True
            return []
        if self._reader is None:
            self._reader = EventReader(self.folder, self._read_from)
        events = self._reader.read(limit_bytes, tries=1)
        if self._reader.is_at_end:
            self._read_size, self.is_known = size, True
        return events

    def _apply(self, event: Mapping[str, Any]) -> None:
        self.folded = fold(self.folded, event)
        if event.get("kind") in ("hello", "bye"):  # a relay may write `bye` for a worker that never wrote `hello`
            # The writer of `hello` holds the lock. Findings about an earlier worker are outdated.
            self.awaits_hello, self.is_locked, self.start_error = False, True, ""

    # --- the worker --------------------------------------------------------------------------------------------------

    @property
    def is_running(self) -> bool:
        return not self.awaits_hello and self.folded.status in (states.RUNNING, states.PAUSED) and self.is_locked

    @property
    def is_cut_off(self) -> bool:
        """Whether the job may still run on its remote host, but its relay on this computer has ended."""
        return bool(self.folded.host) and not (self.is_locked or self.folded.is_final or self.location.remote is None)

    @property
    def needs_worker(self) -> bool:
        return (self.awaits_hello or self.is_cut_off) and not self.start_error

    def restart_worker(self, child: Child | None, start: Callable[[], object]) -> None:
        """Starts another worker for a job that `needs_worker`, or sets `start_error` if that would fail again.

        Args:
            child: The last worker that this client started at the job's location. It has ended.
            start: Starts a worker; may raise JobError.
        """
        if child is not None and (reason := launch.find_refusal(child, self.folder.name)):
            self.start_error = reason  # another worker would not start the job either
            return
        may_work = child is None or child.exit_status == 0 or child.has_taken_job or child.was_stopped
        if may_work and self.restarts < MAX_RESTARTS:
            self.restarts += 1
            try:
                start()
            except JobError as error:
                self.start_error = str(error)
        elif child is not None:
            self.start_error = launch.explain_exit(self.location, child)
        else:
            self.start_error = "The backend did not take the job. See its log."

    def enforce_cancel(self, child: Child | None, now: float) -> None:
        """Kills the worker `child` if it does not react to `cancel`. On a remote host, the relay does this."""
        if self.cancel_requested_at is None or not self.is_running or self.location.remote:
            return
        if child is not None and child.is_alive and now - self.cancel_requested_at > KILL_AFTER_S:
            child.kill()

    def settled(self, *, is_first: bool, worker_is_alive: Callable[[], bool]) -> JobState:
        """The present state from events, lock, worker and control requests.

        Args:
            is_first: Whether no other job comes before this one at its location.
            worker_is_alive: Whether a worker or relay runs at the job's location.
        """
        state = self.folded
        if self.start_error:
            return replace(state, status=states.FAILED, error=self.start_error, error_code="start")
        is_resumed = self.resume_requested and (state.is_final or not self.is_locked)
        if self.awaits_hello or is_resumed or state.status == states.QUEUED:
            # A worker on this computer that takes the job nevertheless ends it at once.
            if self.is_cancel_requested and not state.host and not (self.location.remote and worker_is_alive()):
                return replace(state, status=states.CANCELLED, error="", error_code="")
            waiting = states.STARTING if is_first and self.awaits_hello else states.QUEUED
            status = states.CANCELLING if self.is_cancel_requested else waiting
            return replace(state, status=status, error="", error_code="", eta_s=None, step=0, total=0, phase="")
        # The relay reports the death of a worker on a remote host.
        state = self._settle_end(state, alive=self.is_locked or self.location.remote is not None)
        if self.is_cancel_requested and not state.is_final:
            return replace(state, status=states.CANCELLING, eta_s=None)
        return state

    def _settle_end(self, state: JobState, *, alive: bool) -> JobState:
        """As `states.settle`, but a worker that was killed because of a cancel has not died unexpectedly."""
        state = settle(state, alive=alive)
        if self.is_cancel_requested and state.status == states.DIED:
            return replace(state, status=states.CANCELLED, error="", error_code="")
        return state


def present_state(folder: Path) -> JobState:
    """The present state of a job, as clients show it. Reads little of the events of an ended job."""
    follower = JobFollower(folder)
    if follower.recall():
        return follower.state
    while follower.read() or not follower.is_known:
        pass
    follower.probe()
    return follower.settled(is_first=False, worker_is_alive=lambda: is_locked(follower.location.lock))


class JobRunner(JobFollower):
    """Follows one job until it ends, and starts workers for it in the Python of this process. For the command line."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.worker: Child | None = None
        self.recall()  # the events of an earlier worker
        while self.read() or not self.is_known:
            pass
        self.awaits_hello = True
        self.is_begun = False  # a worker has written an event since this runner was created

    def events(self) -> Iterator[Mapping[str, Any] | None]:
        """Yields events as they arrive, and None for every poll without one, until the job has ended.

        Raises:
            JobError: No worker takes the job, or its folder was deleted.
        """
        while True:
            is_abandoned = self._is_abandoned()  # before reading: a worker that has ended has written all its events
            found = False
            while events := self._new_events(1 << 16):
                for event in events:
                    found = True
                    self._apply(event)
                    yield event
            if self.is_begun and self.state.is_final:
                return
            self.enforce_cancel(self.worker, time.monotonic())
            if not found:
                yield None
                if is_abandoned:
                    if not self.folder.exists():
                        raise JobError(
                            f"The folder {self.folder} was deleted. Generate the object again.", code="files"
                        )
                    if self.is_begun and not self.is_cut_off:
                        self.state = self._settle_end(self.state, alive=False)
                        return
                    self._ensure_worker()
                time.sleep(POLL_S)

    def _apply(self, event: Mapping[str, Any]) -> None:
        super()._apply(event)
        self.state = self.folded
        self.is_begun = True
        if self.worker is not None:
            self.worker.has_taken_job = True

    def _is_abandoned(self) -> bool:
        """Whether no process runs the job or is about to."""
        if self.worker is not None and self.worker.is_alive:
            return False
        self.is_locked = is_locked(self.folder / "lock")
        return not (self.is_locked or is_locked(self.location.lock))

    def _ensure_worker(self) -> None:
        if self.worker is None:
            self._start_worker()
            return
        self.restart_worker(self.worker, self._start_worker)
        if self.start_error:
            raise JobError(self.start_error, code="start")

    def _start_worker(self) -> None:
        self.worker = launch.start_worker(self.location, sys.executable, is_same_python=True)
