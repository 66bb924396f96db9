"""One followed job: what its folder says, and what was asked of it."""

from __future__ import annotations

import os
import time
from pathlib import Path

from ..backend import contract
from ..backend.contract import JobRequest, JobState

READ_BYTES = 1 << 13  # of events at once: about 60 of them, well under a millisecond


class Job:
    """One followed job. `state` is what is true now; everything else here serves to find it out."""

    def __init__(self, folder: Path, request: JobRequest) -> None:
        self.folder = folder
        self.request = request
        self.state = JobState()
        self.is_known = False  # its events have been read to the end at least once
        self.awaits_hello = False  # this Blender asked for it and no worker has answered yet
        self.pause_asked = contract.is_requested(folder, "pause")
        self.cancel_asked_at: float | None = None
        self.asked_at = time.monotonic()
        self.start_error = ""
        self.restarts = 0
        self.folded = JobState()
        self.is_locked = True  # until asked: a job is not called dead on a guess
        self._cancelled_before = contract.is_requested(folder, "cancel")
        self._reader = contract.EventReader(folder)
        self._dry_at = -1  # size of events.jsonl when there was nothing more to read

    @property
    def id(self) -> str:
        return self.request.id

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
            contract.withdraw_control(self.folder, name)
        self.cancel_asked_at, self._cancelled_before, self.pause_asked, self.start_error = None, False, False, ""
        self.restarts = 0

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
            self.folded = contract.fold(self.folded, event)
            if event.get("kind") == "hello":
                # Who says hello holds the lock; what was found out about an earlier worker no longer counts.
                self.awaits_hello, self.is_locked, self.start_error = False, True, ""
        return bool(events)
