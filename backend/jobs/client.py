"""A job seen from outside: start a worker for its folder and follow what it says. The command line is such a client."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..errors import JobError
from . import remote
from .events import EventReader
from .lock import is_locked
from .remote import Remote
from .states import JobState, fold, settle

POLL_S = 0.1
MAX_STARTS = 4  # a worker that ended as idle in the very moment when the job was added is started again


class Worker:
    """A worker process of our own, in a process group of its own, with its output in `<jobs>/worker.log`; or, for a host, the
    relay to it.

    Raises:
        JobError: it cannot be started.
    """

    def __init__(self, jobs: Path, host: Remote | None = None) -> None:
        root, package = Path(__file__).resolve().parents[2], "backend"
        arguments = [package, "work", str(jobs.resolve())]
        if host is not None:
            arguments = [f"{package}.relay", *arguments[1:], *host.options()]
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"}
        self._log = jobs / (host.log_name if host else "worker.log")
        try:
            with open(self._log, "ab") as log:
                self._log_start = log.tell()
                self._process = subprocess.Popen(
                    [sys.executable, "-m", *arguments],
                    cwd=root,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    **_own_group(),
                )
        except OSError as error:
            raise JobError(
                f"A worker cannot be started in {jobs} ({error.strerror or error}): choose another folder."
            ) from error

    @property
    def exit_status(self) -> int | None:
        return self._process.poll()

    def last_words(self) -> str:
        """The last line that it wrote outside of any job."""
        with open(self._log, "rb") as log:
            log.seek(self._log_start)
            lines = log.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1].strip() if lines else ""

    def end(self, *, force: bool) -> None:
        """Asks the process group to end, or ends it."""
        if self.exit_status is not None:
            return
        if sys.platform == "win32":
            if force:
                self._process.kill()
            else:
                self._process.send_signal(signal.CTRL_BREAK_EVENT)
        else:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL if force else signal.SIGTERM)


def _own_group() -> dict[str, Any]:
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    return {"start_new_session": True}


class Follower:
    """One job and the worker that is started for it. `state` is what is known now."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state = JobState()
        self.worker: Worker | None = None
        self._host = remote.read(folder)
        self._reader = EventReader(folder)
        for event in self._new_events():  # of an earlier worker
            self.state = fold(self.state, event)
        self.is_begun = False  # a worker has said something since we follow
        self._starts = 0

    def events(self) -> Iterator[Mapping[str, Any] | None]:
        """Events as they come, and None at every look that found nothing, until the job has ended.

        Raises:
            JobError: no worker takes the job.
        """
        while True:
            found = False
            for event in self._new_events():
                found = self.is_begun = True
                self.state = fold(self.state, event)
                yield event
            if self.is_begun and self.state.is_final:
                return
            if not found:
                yield None
                if self._is_left_alone() and not self._has_more():
                    if self.is_begun:
                        self.state = settle(self.state, alive=False)
                        return
                    self._start_worker()
                time.sleep(POLL_S)

    def _has_more(self) -> bool:
        """Whether something was said between the last look and the end of the worker."""
        for event in self._new_events():
            self.is_begun = True
            self.state = fold(self.state, event)
        return self.state.is_final and self.is_begun

    def _new_events(self) -> Iterator[Mapping[str, Any]]:
        while True:
            if not (events := self._reader.read()):
                return
            yield from events

    def _is_left_alone(self) -> bool:
        if self.worker is not None and self.worker.exit_status is None:
            return False
        worker_lock = self.folder.parent / (self._host.lock_name if self._host else "worker.lock")
        return not (is_locked(self.folder / "lock") or is_locked(worker_lock))

    def _start_worker(self) -> None:
        if self.worker is not None and (self.worker.exit_status or self._starts >= MAX_STARTS):
            reason = self.worker.last_words() or f"exit status {self.worker.exit_status}"
            raise JobError(f"The worker did not take the job: {reason}")
        self._starts += 1
        self.worker = Worker(self.folder.parent, self._host)
