"""The running job: events, progress, and requests to pause or cancel."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..jobs.events import EventWriter
from ..jobs.folder import is_requested
from ..jobs.reading import own_path
from ..jobs.request import JobRequest
from ..jobs.shortages import is_disk_full
from ..optimize import checkpoint
from .stop import Cancelled, Lost, StopFlag, Stopped
from .timeline import Timeline

if TYPE_CHECKING:
    import torch

PROGRESS_EVERY_S = 0.25
PAUSE_POLL_S = 0.2


@dataclass
class RunningJob:
    """The job that this worker runs."""

    folder: Path
    request: JobRequest
    events: EventWriter
    stop: StopFlag
    device: torch.device
    phase: str = ""
    timeline: Timeline = field(default_factory=Timeline)
    dropped_steps: int = 0  # their gradients were not finite
    is_owned: Callable[[], bool] = lambda: True  # whether this worker still has the job
    # Held while an event is written. The watchdog takes it and ends the process.
    ending: threading.RLock = field(default_factory=threading.RLock)
    is_ending: bool = False  # the job has reacted to a cancel
    _reported_at: float = -math.inf

    def check_owned(self) -> None:
        """Raises `Lost` if the job's folder or lock was deleted. Called before every write."""
        if not self.is_owned():
            raise Lost

    def make_folder(self, name: str) -> Path:
        """Returns a folder inside the job's folder, which is created again if someone has deleted it."""
        self.check_owned()
        folder = self.folder
        for part in name.split("/"):
            folder = own_path(folder, part)
            folder.mkdir(exist_ok=True)
        return folder

    def emit(self, kind: str, **facts: Any) -> None:
        """Writes an event. On a full disk, deletes old checkpoints to make room for it."""
        self.check_owned()
        while True:
            try:
                with self.ending:
                    self.events(kind, **facts)
                return
            except OSError as error:
                if not (is_disk_full(error) and checkpoint.remove_oldest(self.folder / "checkpoints")):
                    raise

    def enter_phase(self, phase: str) -> None:
        if phase != self.phase:
            self.phase = phase
            self._reported_at = -math.inf
            self.emit("phase", name=phase)

    def report_progress(self, step: int, total: int, eta_s: float | None) -> None:
        """Emits the progress, at most four times per second. The last step is always emitted."""
        now = time.monotonic()
        if step < total and now - self._reported_at < PROGRESS_EVERY_S:
            return
        self._reported_at = now
        self.emit(
            "progress",
            phase=self.phase,
            step=step,
            total=total,
            elapsed_s=round(self.timeline.elapsed_s, 2),
            eta_s=None if eta_s is None else round(eta_s, 1),
        )

    def check_control(self, save: Callable[[], None] | None = None) -> None:
        """Handles requests to pause or cancel. Blocks while the job is paused.

        Args:
            save: called before the job pauses or ends.

        Raises:
            Cancelled, Stopped, Lost: the job ends here.
        """
        self._raise_if_ended(save)
        if not is_requested(self.folder, "pause"):
            return
        if save:
            save()
        self.timeline.pause()
        self.emit("paused")
        while is_requested(self.folder, "pause"):
            self._raise_if_ended(None)
            time.sleep(PAUSE_POLL_S)
        self.timeline.resume()
        self.emit("resumed")

    def _raise_if_ended(self, save: Callable[[], None] | None) -> None:
        self.check_owned()
        is_cancelled = is_requested(self.folder, "cancel")
        if not (is_cancelled or self.stop.is_set):
            return
        with self.ending:
            self.is_ending = True
        if save:
            save()
        raise Cancelled if is_cancelled else Stopped
