"""The far half: on the host, one process for each connection. It ends with the connection; the worker does not notice.

`python -m backend.relay.far JOBS`. It keeps nothing: what the near half has, that one says.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from .. import __version__
from ..errors import JobError
from ..jobs.client import MAX_STARTS, Worker
from ..jobs.folder import create_job_folder
from ..jobs.lock import is_locked
from ..jobs.request import parse_job
from ..places import data_folder
from ..worker import due
from . import wire
from .followed import Followed

LOOK_EVERY_S = 0.2
SILENCE_S = 60.0  # the near half says something every 15 s: it is gone


class Far:
    """The jobs that the near half asked for, and the worker that is started for them.

    Args:
        jobs: the jobs folder.
        send: puts bytes into the connection.
    """

    def __init__(self, jobs: Path, send: Callable[[bytes], None]) -> None:
        self._jobs, self._send = jobs, send
        self._followed: dict[str, Followed] = {}
        self._worker: Worker | None = None
        self._starts = 0
        self._has_worked = False  # the worker has taken a job: what ends it is that job's own trouble

    def heed(self, message: Mapping[str, Any]) -> None:
        """Does what the near half asks for."""
        match message.get("do"):
            case "follow":
                self._follow(message)
            case "control":
                if followed := self._followed.get(str(message.get("job"))):
                    followed.control(str(message.get("name")), is_on=bool(message.get("on")))
            case "doctor":
                self._send(wire.frame("doctor", self._examine(message)))

    def _follow(self, message: Mapping[str, Any]) -> None:
        job_id = ""
        try:
            request = parse_job(message["request"])
            job_id = request.id
            folder = self._jobs / job_id
            if not (folder / "job.json").exists():
                if message["events"]:
                    raise JobError(f"The job is not on the host any more ({folder} is gone): start a new one.")
                self._jobs.mkdir(parents=True, exist_ok=True)
                create_job_folder(self._jobs, request)
            followed = Followed(folder, int(message["events"]), message["files"])
            for name, is_on in message["controls"].items():
                followed.control(str(name), is_on=bool(is_on))
        except JobError as error:
            self._fail(job_id, str(error), "job")
        except OSError as error:
            self._fail(
                job_id, f"The jobs folder {self._jobs} on the host cannot be written ({error.strerror}).", "remote"
            )
        else:
            self._followed[job_id] = followed
            self._send(wire.frame("accepted", job=job_id))

    def _fail(self, job_id: str, message: str, code: str) -> None:
        self._followed.pop(job_id, None)
        self._send(wire.frame("failed", job=job_id, message=message, code=code))

    def look(self, attend: Callable[[], None]) -> None:
        """Sends what is new, and sees to it that someone works.

        Args:
            attend: called between two pieces of what is long.
        """

        def send(data: bytes) -> None:
            self._send(data)
            attend()

        for job_id, followed in list(self._followed.items()):
            if followed.look(send):
                del self._followed[job_id]
                self._send(wire.frame("over", job=job_id))
        self._tend_worker()

    def _tend_worker(self) -> None:
        folders = {job_id: followed.folder for job_id, followed in self._followed.items()}
        waiting = [job_id for job_id, folder in folders.items() if due.is_due(folder)]
        if not waiting:
            self._starts = 0
            return
        if is_locked(self._jobs / "worker.lock"):
            self._has_worked |= any(is_locked(folder / "lock") for folder in folders.values())
            return
        status = self._worker.exit_status if self._worker is not None else 0
        if status is None:
            return  # it is starting
        is_hopeless = self._starts >= MAX_STARTS or (status and not self._has_worked)
        self._has_worked = False
        if self._worker is not None and is_hopeless:
            said = self._worker.last_words() or f"exit status {status}"
            self._worker = None
            for job_id in waiting:
                self._fail(job_id, f"The worker on the host did not take the job: {said}", "remote")
            return
        self._starts += 1
        try:
            self._worker = Worker(self._jobs)
        except JobError as error:
            for job_id in waiting:
                self._fail(job_id, str(error), "remote")

    def _examine(self, message: Mapping[str, Any]) -> bytes:
        """What `doctor` says; of a model and a preset, too, where they are named."""
        command = [sys.executable, "-B", "-m", "backend", "doctor", "--json", "--jobs", str(self._jobs)]
        command += [f"--{name}={message[name]}" for name in ("prior", "preset") if message.get(name)]
        try:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, timeout=wire.DOCTOR_S, check=False
            )
            if done.stdout.strip().startswith(b"{"):
                return done.stdout
            lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
            said = lines[-1] if lines else f"The check ended with exit status {done.returncode}."
        except subprocess.TimeoutExpired:
            said = f"The check gave no answer in {wire.DOCTOR_S:.0f} s."
        return json.dumps({"ok": False, "message": said}).encode()


class Listener:
    """Lines from the near half, without waiting longer than said."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._rest = b""
        self._heard_at = time.monotonic()

    def messages(self, wait_s: float) -> list[dict[str, Any]]:
        """Raises EOFError when nobody is there any more."""
        ready, _, _ = select.select([self._descriptor], [], [], wait_s)
        if ready:
            data = os.read(self._descriptor, 1 << 20)
            if not data:
                raise EOFError
            self._heard_at = time.monotonic()
            *lines, self._rest = (self._rest + data).split(b"\n")
            return [wire.parse(text) for text in lines]
        if time.monotonic() - self._heard_at > SILENCE_S:
            raise EOFError
        return []


def serve(jobs: Path, incoming: int, outgoing: int) -> None:
    """Serves one connection to its end."""

    def send(data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(outgoing, view) :]

    far, listener = Far(jobs, send), Listener(incoming)

    def attend(wait_s: float = 0.0) -> None:
        for message in listener.messages(wait_s):
            far.heed(message)

    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        send(wire.MAGIC + wire.line(relay=wire.RELAY, backend=__version__))
        while True:
            attend(LOOK_EVERY_S)
            far.look(attend)


def jobs_folder(named: str) -> Path:
    """The folder named, or that of this host's own jobs."""
    return Path(named or os.environ.get("DREAMFUSION_JOBS") or data_folder() / "jobs").absolute()


if __name__ == "__main__":
    # The connection is this process's output; whatever a library prints goes with the errors.
    connection = os.dup(1)
    os.dup2(2, 1)
    serve(jobs_folder(sys.argv[1] if len(sys.argv) > 1 else ""), 0, connection)
