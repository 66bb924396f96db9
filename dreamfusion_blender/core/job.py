"""One job of the board, with what the panel shows of it."""

from __future__ import annotations

import time
from pathlib import Path

from ..backend.jobs.folder import job_order
from ..backend.jobs.follow import JobFollower
from ..backend.jobs.reading import inside
from ..backend.jobs.request import JobRequest


class Job(JobFollower):
    """A followed job and its request."""

    def __init__(self, folder: Path, request: JobRequest) -> None:
        super().__init__(folder)
        self.request = request
        self.waiting_since = time.monotonic()  # for the worker's answer
        self.ahead = 0  # number of jobs that the worker takes before this one
        self.turn = job_order(folder)

    @property
    def id(self) -> str:
        return self.folder.name

    @property
    def needs_watching(self) -> bool:
        return not self.is_known or self.awaits_hello or not self.state.is_final

    @property
    def mesh_path(self) -> Path | None:
        """The mesh, or None. Never a file outside of the job's folder, whatever its events say."""
        return inside(self.folder, self.state.mesh)

    @property
    def preview_path(self) -> Path | None:
        return inside(self.folder, self.state.preview)
