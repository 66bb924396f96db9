"""A job on a terminal: a bar that moves, or plain lines in a pipe; Ctrl-C cancels."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import Any

from ..errors import UserError
from ..jobs import states
from ..jobs.client import POLL_S, Follower
from ..jobs.folder import request_control
from ..jobs.lock import is_locked
from ..jobs.states import CANCELLED, DONE, JobState

LINE_EVERY_S = 5.0
WORDS = {
    "": "Starting",
    "loading": "Loading the model",
    "optimising": "Optimizing",
    "extracting": "Extracting the mesh",
    "baking": "Baking the texture",
    "refining": "Refining",
    "exporting": "Exporting",
}


def follow(folder: Path) -> None:
    """Starts a worker for the job if need be and shows it to its end.

    Raises:
        UserError: it failed or was cancelled.
        JobError: no worker could be started.
    """
    print(f"Job: {folder}", flush=True)
    follower = Follower(folder)
    interrupts = _Interrupts()
    display = _Bar() if sys.stdout.isatty() else _Lines()
    try:
        for event in follower.events():
            if event is not None:
                display.show(event, follower.state)
            if interrupts.are_new():
                _cancel(follower, interrupts.count)
                if not follower.is_begun and follower.worker is None:  # it waits for its turn, and ends when that comes
                    break
    finally:
        display.close()
        interrupts.give_back()
    conclude(follower.state, folder)


class _Interrupts:
    """Counts Ctrl-C and SIGTERM, so that none of them comes between two halves of something."""

    def __init__(self) -> None:
        self.count = self._seen = 0
        self._before = {number: signal.signal(number, self._heard) for number in (signal.SIGINT, signal.SIGTERM)}

    def _heard(self, number: int, frame: FrameType | None) -> None:
        self.count += 1

    def are_new(self) -> bool:
        before, self._seen = self._seen, self.count
        return self.count > before

    def give_back(self) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)


def _cancel(follower: Follower, interrupts: int) -> None:
    if interrupts == 1:
        print("Cancelling; interrupt again to insist.", file=sys.stderr, flush=True)
        request_control(follower.folder, "cancel")
    elif follower.worker is not None:
        follower.worker.end(force=interrupts > 2)


def conclude(state: JobState, folder: Path) -> None:
    """Says how a job has ended.

    Raises:
        UserError: it failed or was cancelled.
    """
    if state.status == DONE:
        print(f"Asset: {folder / state.mesh}", flush=True)
        _await_turntable(folder)
        return
    if state.status == states.QUEUED:
        raise UserError("Cancelled before it began.", "cancelled")
    if state.status == CANCELLED:
        raise UserError(f"Cancelled; 'resume {folder}' goes on from its last checkpoint.", "cancelled")
    raise UserError(state.error or f"The job failed without saying why: see {folder / 'log.txt'}.", state.error_code)


def _await_turntable(folder: Path) -> None:
    """The worker still holds the job while it makes the film; an interrupt leaves it to that."""
    try:
        while is_locked(folder / "lock"):
            time.sleep(POLL_S)
    except KeyboardInterrupt:
        return
    film = folder / "previews" / "turntable.mp4"
    if film.exists():
        print(f"Turntable: {film}", flush=True)


def _time_left(eta_s: float | None) -> str:
    if eta_s is None:
        return ""
    minutes, seconds = divmod(round(eta_s), 60)
    return f"{minutes}:{seconds:02d} left"


class _Lines:
    """A line for each phase, each warning, and now and then one in between."""

    def __init__(self) -> None:
        self._next = 0.0

    def show(self, event: Mapping[str, Any], state: JobState) -> None:
        match event.get("kind"):
            case "hello":
                print(f"Device: {state.device}", flush=True)
            case "phase":
                print(WORDS.get(state.phase, state.phase), flush=True)
            case "warning":
                print(f"Warning: {event.get('message')}", flush=True)
            case "link":
                print(event.get("message") or f"On {state.host}", flush=True)
            case "paused" | "resumed" as kind:
                print(kind.capitalize(), flush=True)
            case "progress" if time.monotonic() >= self._next and state.phase in ("optimising", "refining"):
                self._next = time.monotonic() + LINE_EVERY_S
                print(f"Step {state.step} of {state.total} {_time_left(state.eta_s)}".rstrip(), flush=True)

    def close(self) -> None:
        pass


class _Bar:
    """rich's progress bar, one for each phase."""

    def __init__(self) -> None:
        from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn

        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
        self._progress = Progress(*columns, TextColumn("{task.fields[left]}"), transient=True)
        self._task = self._progress.add_task(WORDS[""], total=None, left="")
        self._progress.start()

    def show(self, event: Mapping[str, Any], state: JobState) -> None:
        if event.get("kind") == "warning":
            self._progress.console.print(f"Warning: {event.get('message')}", markup=False, highlight=False)
        if event.get("kind") == "link" and state.link:
            self._progress.console.print(state.link, markup=False, highlight=False)
        words = "Paused" if state.status == states.PAUSED else WORDS.get(state.phase, state.phase)
        self._progress.update(
            self._task, description=words, completed=state.step, total=state.total or None, left=_time_left(state.eta_s)
        )

    def close(self) -> None:
        self._progress.stop()
