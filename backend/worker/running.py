"""One job in the hands of this worker: events, progress, and requests to pause or cancel."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..jobs.events import EventWriter
from ..jobs.folder import is_requested
from ..jobs.request import JobRequest
from .failures import is_disk_full
from .stop import Cancelled, StopFlag, Stopped
from .timeline import Timeline

if TYPE_CHECKING:
    import torch

PROGRESS_EVERY_S = 0.25
PAUSE_POLL_S = 0.2


@dataclass
class RunningJob:
    """One job in the hands of this worker."""

    folder: Path
    request: JobRequest
    events: EventWriter
    stop: StopFlag
    device: torch.device
    phase: str = ""
    timeline: Timeline = field(default_factory=Timeline)
    _told_at: float = -math.inf

    def tell(self, kind: str, **facts: Any) -> None:
        """Writes an event; on a full disk it makes room for the one that says so."""
        from ..optimize import checkpoint

        while True:
            try:
                self.events(kind, **facts)
                return
            except OSError as error:
                if not (is_disk_full(error) and checkpoint.remove_oldest(self.folder / "checkpoints")):
                    raise

    def enter(self, phase: str) -> None:
        if phase != self.phase:
            self.phase = phase
            self._told_at = -math.inf
            self.tell("phase", name=phase)

    def progress(self, step: int, total: int, eta_s: float | None) -> None:
        """Told at most four times a second, but the last step always."""
        now = time.monotonic()
        if step < total and now - self._told_at < PROGRESS_EVERY_S:
            return
        self._told_at = now
        self.tell(
            "progress",
            phase=self.phase,
            step=step,
            total=total,
            elapsed_s=round(self.timeline.elapsed_s, 2),
            eta_s=None if eta_s is None else round(eta_s, 1),
        )

    def attend(self, keep: Callable[[], None] | None = None) -> None:
        """Heeds what was asked meanwhile; `keep` saves the work before a wait or an end.

        Raises:
            Cancelled, Stopped: the job ends here.
        """
        self._raise_if_ended(keep)
        if not is_requested(self.folder, "pause"):
            return
        if keep:
            keep()
        self.timeline.pause()
        self.tell("paused")
        while is_requested(self.folder, "pause"):
            self._raise_if_ended(None)
            time.sleep(PAUSE_POLL_S)
        self.timeline.resume()
        self.tell("resumed")

    def _raise_if_ended(self, keep: Callable[[], None] | None) -> None:
        cancelled = is_requested(self.folder, "cancel")
        if not (cancelled or self.stop.is_set):
            return
        if keep:
            keep()
        raise Cancelled if cancelled else Stopped
