"""Follows a job on the command line, with a progress bar or plain lines. Ctrl-C cancels the job."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import UserError
from ..interrupts import Interrupts
from ..jobs import states
from ..jobs.folder import is_requested, job_folders
from ..jobs.follow import POLL_S, JobRunner
from ..jobs.lock import is_locked
from ..jobs.reading import inside
from ..jobs.states import CANCELLED, DONE, JobState

LINE_EVERY_S = 5.0
WAITING_S = 3.0  # before the user reads what a job waits for
PHASES = {
    "": "Starting",
    "loading": "Loading the model",
    "optimising": "Optimizing",
    "extracting": "Extracting the mesh",
    "baking": "Baking the texture",
    "refining": "Refining the mesh",
    "exporting": "Exporting the mesh",
}


def follow(folder: Path) -> None:
    """Shows the progress of a job until it ends. Starts a worker if none is running.

    Raises:
        UserError: the job failed or was canceled.
        JobError: no worker could be started.
    """
    print(f"Job: {folder}", flush=True)
    follower = JobRunner(folder)
    interrupts = Interrupts()
    display = _Bar() if sys.stdout.isatty() else _Lines()
    try:
        note_at = time.monotonic() + WAITING_S
        for event in follower.events():
            if event is not None:
                display.show(event, follower.state)
            elif time.monotonic() > note_at:
                note_at = math.inf
                if note := waiting_note(follower):
                    display.say(note)
            if interrupts.are_new():
                _cancel(follower, interrupts.count)
                if not follower.is_begun and follower.worker is None:  # queued: its worker will cancel it
                    break
    finally:
        display.close()
        interrupts.restore_handlers()
    conclude(follower.state, folder)


def waiting_note(follower: JobRunner) -> str:
    """What a job waits for that no worker has taken. Empty if its worker starts."""
    if follower.is_begun or follower.worker is not None or follower.location.remote:
        return ""
    first = next((folder for folder in job_folders(follower.folder.parent) if is_locked(folder / "lock")), None)
    if first is None:
        return f"Waiting for a worker of {follower.folder.parent}."
    if is_requested(first, "pause"):
        return f"Waiting for the job {first.name}, which is paused. Continue or cancel that one."
    return f"Waiting for the job {first.name}."


def _cancel(follower: JobRunner, interrupts: int) -> None:
    if interrupts == 1:
        print("Canceling. Press Ctrl-C again to force.", file=sys.stderr, flush=True)
        follower.cancel(time.monotonic())
    elif follower.worker is not None:
        if interrupts > 2:
            follower.worker.kill()
        else:
            follower.worker.terminate()


def conclude(state: JobState, folder: Path) -> None:
    """Prints the result of a job.

    Raises:
        UserError: the job failed or was canceled.
    """
    if state.status == DONE:
        if mesh := inside(folder, state.mesh):
            print(f"Asset: {mesh}", flush=True)
        _await_turntable(folder)
        return
    if state.status == states.QUEUED:
        raise UserError("Canceled before the job started.", "cancelled")
    if state.status == CANCELLED:
        raise UserError(f"Canceled. To continue from the last checkpoint, run 'resume {folder}'.", "cancelled")
    raise UserError(state.error or f"The job failed. See {folder / 'log.txt'}.", state.error_code)


def _await_turntable(folder: Path) -> None:
    """Waits while the worker renders the turntable. Ctrl-C ends the wait only."""
    try:
        while is_locked(folder / "lock"):
            time.sleep(POLL_S)
    except KeyboardInterrupt:
        return
    video = folder / "previews" / "turntable.mp4"
    if video.exists():
        print(f"Turntable: {video}", flush=True)


def time_left(eta_s: float | None) -> str:
    if eta_s is None:
        return ""
    minutes, seconds = divmod(round(eta_s), 60)
    return f"{minutes}:{seconds:02d} left"


class _Lines:
    """Plain lines: one for each phase and warning, and the step every few seconds."""

    def __init__(self) -> None:
        self._next = 0.0

    def show(self, event: Mapping[str, Any], state: JobState) -> None:
        match event.get("kind"):
            case "hello" if state.device:  # empty for a job that cannot be read
                print(f"Device: {state.device}", flush=True)
            case "phase":
                print(PHASES.get(state.phase, state.phase), flush=True)
            case "warning":
                print(f"Warning: {event.get('message')}", flush=True)
            case "link":
                print(event.get("message") or f"On {state.host}", flush=True)
            case "paused" | "resumed" as kind:
                print(kind.capitalize(), flush=True)
            case "progress" if time.monotonic() >= self._next and state.phase in ("optimising", "refining"):
                self._next = time.monotonic() + LINE_EVERY_S
                print(f"Step {state.step} of {state.total} {time_left(state.eta_s)}".rstrip(), flush=True)

    def say(self, text: str) -> None:
        print(text, flush=True)

    def close(self) -> None:
        pass


class _Bar:
    """A progress bar that restarts with each phase."""

    def __init__(self) -> None:
        # Not needed in a pipe.
        from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn

        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
        self._progress = Progress(*columns, TextColumn("{task.fields[left]}"), transient=True)
        self._task = self._progress.add_task(PHASES[""], total=None, left="")
        self._progress.start()

    def show(self, event: Mapping[str, Any], state: JobState) -> None:
        if event.get("kind") == "warning":
            self.say(f"Warning: {event.get('message')}")
        if event.get("kind") == "link" and state.link:
            self.say(state.link)
        text = "Paused" if state.status == states.PAUSED else PHASES.get(state.phase, state.phase)
        self._progress.update(
            self._task, description=text, completed=state.step, total=state.total or None, left=time_left(state.eta_s)
        )

    def say(self, text: str) -> None:
        self._progress.console.print(text, markup=False, highlight=False)

    def close(self) -> None:
        self._progress.stop()
