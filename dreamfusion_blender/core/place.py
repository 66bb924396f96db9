"""Where jobs are worked on: by the worker of a jobs folder, or by the relay from there to a host."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ..backend.errors import JobError
from ..backend.jobs import remote
from ..backend.jobs.remote import Remote
from . import paths, process

MAX_LOG_BYTES = 1 << 20  # of the worker's own log; jobs have theirs


@dataclass(frozen=True)
class Place:
    """A jobs folder on this computer, and the host on which its jobs run; None for this computer."""

    jobs: Path
    remote: Remote | None = None

    @property
    def lock(self) -> Path:
        """Held by the process that works here, whoever started it."""
        return self.jobs / (self.remote.lock_name if self.remote else "worker.lock")

    @property
    def log(self) -> Path:
        return self.jobs / (self.remote.log_name if self.remote else "worker.log")

    def start(self, python: str, environment: Mapping[str, str]) -> process.Child:
        """Starts that process. A relay needs nothing but the standard library: Blender's own Python, which is sure to be there.

        Raises:
            JobError: it cannot be started.
        """
        arguments = ["-m", "backend", "work", str(self.jobs)]
        wrong = remote.problem(self.remote) if self.remote else paths.python_problem(python)
        if wrong:
            raise JobError(wrong)
        if self.remote:
            python, arguments = sys.executable, ["-m", "backend.relay", *arguments[2:], *self.remote.options()]
        with suppress(OSError):
            if self.log.stat().st_size > MAX_LOG_BYTES:
                self.log.unlink()
        return process.Child(python, arguments, paths.backend_root(), self.log, environment=environment)

    def failure(self, python: str, child: process.Child) -> str:
        """One sentence about a process that ended before it took a job."""
        if not self.remote:
            return process.start_failure(python, child.exit_status or 0, child.text())
        last = child.text().strip().rpartition("\n")[2]
        return f"The relay to {self.remote.host} ended ({last[:200] or child.exit_status}): try again, or see its log."
