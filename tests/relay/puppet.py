"""A fake remote host without ssh and torch: the far end runs as a child process, and the test controls the worker."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from backend.jobs import states
from backend.jobs.events import PROTOCOL, EventWriter
from backend.jobs.files import write_atomic
from backend.jobs.folder import create_job_folder, withdraw_control
from backend.jobs.lock import FolderLock
from backend.jobs.remote import NOTE, Remote
from backend.jobs.request import new_job
from backend.relay import near
from backend.relay.link import Link, LinkError

PATIENCE_S = 240.0
HOST = Remote("puppet")


def await_that(what: str, check: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not check():
        assert time.monotonic() < deadline, f"timeout: {what}"
        time.sleep(0.01)


class FakeHost:
    """A fake host whose jobs folder is on this computer. It holds the worker's lock, so that no real worker is started."""

    def __init__(self, root: Path) -> None:
        self.jobs = root / "remote"
        self.jobs.mkdir()
        self.is_up = True
        self.command = [sys.executable, "-B", "-u", "-m", "backend.relay.far"]
        self.links: list[Link] = []
        self._lock = FolderLock(self.jobs / "worker.lock")
        assert self._lock.acquire()

    def connect(self, remote: Remote) -> Link:
        """Replaces `near.connect_by_ssh`."""
        if not self.is_up:
            raise LinkError("Cannot connect to puppet.")
        link = Link(
            [*self.command, str(self.jobs)],
            lambda status, errors: LinkError(f"The connection to puppet ended ({status}, {errors[-300:]})."),
        )
        self.links.append(link)
        return link

    def cut(self) -> None:
        """Breaks the connection."""
        self.links[-1]._process.send_signal(signal.SIGKILL)

    def worker_for(self, job_id: str) -> FakeWorker:
        folder = self.jobs / job_id
        await_that("the request", lambda: (folder / "job.json").exists())
        return FakeWorker(folder)

    def free(self) -> None:
        self._lock.release()


class FakeWorker:
    """Holds the job's lock and writes events and files for the test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = FolderLock(folder / "lock")
        assert self._lock.acquire()
        withdraw_control(folder, "resume")
        self._write_event = EventWriter(folder)
        self.emit("hello", protocol=PROTOCOL, backend="0.1.0", device="cpu", pid=os.getpid())

    def emit(self, kind: str, **facts: Any) -> None:
        self._write_event(kind, **facts)

    def write(self, path: str, data: bytes) -> None:
        (self.folder / path).parent.mkdir(exist_ok=True)
        write_atomic(self.folder / path, data)

    def log(self, text: str) -> None:
        with open(self.folder / "log.txt", "a") as file:
            file.write(text)

    def end(self, status: str = "") -> None:
        """Writes `bye` and ends; without a status, dies."""
        if status:
            self.emit("bye", status=status)
        if status == states.CANCELLED:
            withdraw_control(self.folder, "cancel")
        self._write_event.close()
        self._lock.release()


def submitted_job(jobs: Path, remote: Remote = HOST, prompt: str = "a red mushroom") -> Path:
    request = new_job(prompt, origin={"client": "blender", "file": "/home/me/secret.blend"})
    return create_job_folder(jobs, request, {NOTE: remote.note})


class Relaying:
    """Runs the near end in a thread."""

    def __init__(
        self, jobs: Path, host: FakeHost, remote: Remote = HOST, connect: Callable[[Remote], Link] | None = None
    ) -> None:
        self.problem: BaseException | None = None

        def run() -> None:
            try:
                near.work(jobs, remote, connect or host.connect)
            except BaseException as error:
                self.problem = error

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Waits for the near end, which ends after its last job."""
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive()
        assert self.problem is None, self.problem


def relayed(folder: Path) -> bytes:
    """The events of the host, without those of the relay."""
    lines = (folder / "events.jsonl").read_bytes().splitlines(keepends=True)
    return b"".join(line for line in lines if b'"relay": true' not in line)
