"""The far end of the relay: one process on the remote host for each connection. It ends with the connection.

`python -m backend.relay.far JOBS`. It keeps no state: the near end sends what it already has. The worker keeps running when the
connection breaks.
"""

from __future__ import annotations

import base64
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
from ..jobs.events import MAX_FILE_BYTES
from ..jobs.exit_codes import REQUIREMENTS_MISSING
from ..jobs.folder import create_job_folder, read_job
from ..jobs.follow import MAX_RESTARTS
from ..jobs.launch import Child, last_line, start_worker
from ..jobs.lock import is_locked
from ..jobs.remote import Location
from ..jobs.request import parse_job
from ..places import data_folder
from ..worker import due
from . import wire
from .sender import JobSender

POLL_S = 0.2
SILENCE_S = 60.0  # the near end sends a ping every 15 s; after this silence it is gone


class FarEnd:
    """The jobs that the near end requested, and the worker that runs them.

    Args:
        jobs: The jobs folder on this host.
        send: Writes bytes to the connection.
    """

    def __init__(self, jobs: Path, send: Callable[[bytes], None]) -> None:
        self._location, self._send = Location(jobs), send
        self._senders: dict[str, JobSender] = {}
        self._inputs: dict[str, dict[str, bytearray]] = {}  # of jobs whose request follows
        self._worker: Child | None = None
        self._starts = 0

    def handle(self, message: Mapping[str, Any]) -> None:
        """Handles one message of the near end."""
        match message.get("do"):
            case "input":
                self._receive_input(message)
            case "follow":
                self._follow(message)
            case "control":
                if sender := self._senders.get(str(message.get("job"))):
                    sender.control(str(message.get("name")), is_on=bool(message.get("on")))
            case "doctor":
                self._send(wire.frame("doctor", self._run_doctor(message)))

    def _receive_input(self, message: Mapping[str, Any]) -> None:
        job_id, path, data = str(message.get("job")), message.get("path"), message.get("data")
        files = self._inputs.setdefault(job_id, {})
        held = sum(len(content) for content in files.values())
        if wire.is_input(path) and isinstance(data, str) and held + len(data) <= wire.MAX_INPUT_BYTES:
            with suppress(ValueError):
                files.setdefault(str(path), bytearray()).extend(base64.b64decode(data, validate=True))
                return
        self._fail(job_id, "The files of the job are damaged or too large. Start the job again.", "job")

    def _follow(self, message: Mapping[str, Any]) -> None:
        job_id, jobs = "", self._location.jobs
        try:
            request = parse_job(message["request"])
            job_id = request.id
            inputs = self._inputs.pop(job_id, {})
            folder = jobs / job_id
            if os.path.lexists(folder / "job.json"):
                read_job(folder)
            else:
                if message["events"]:
                    raise JobError(f"The job is no longer on the remote host: {folder} was deleted. Start a new job.")
                jobs.mkdir(parents=True, exist_ok=True)
                create_job_folder(jobs, request, {name: bytes(content) for name, content in inputs.items()})
            if type(message["events"]) is not int or not 0 <= message["events"] < MAX_FILE_BYTES:
                raise ValueError
            sender = JobSender(folder, message["events"], message["files"])
            for name, is_on in message["controls"].items():
                sender.control(str(name), is_on=bool(is_on))
        except JobError as error:
            self._fail(job_id, str(error), "job")
        except (AttributeError, KeyError, TypeError, ValueError):
            self._fail(
                job_id,
                "The remote host received an invalid request. Install the same version on both computers.",
                "job",
            )
        except OSError as error:
            self._fail(
                job_id, f"Cannot write to the jobs folder {jobs} on the remote host: {error.strerror}.", "remote"
            )
        else:
            self._senders[job_id] = sender
            self._send(wire.frame("accepted", job=job_id))

    def _fail(self, job_id: str, message: str, code: str) -> None:
        self._senders.pop(job_id, None)
        self._send(wire.frame("failed", job=job_id, message=message, code=code))

    def update(self, poll_messages: Callable[[], None]) -> None:
        """Sends what is new and starts a worker if a job waits without one.

        Args:
            poll_messages: Called after each frame, so that long transfers do not delay messages.
        """

        def send(data: bytes) -> None:
            self._send(data)
            poll_messages()

        for job_id, sender in list(self._senders.items()):
            if sender.update(send):
                del self._senders[job_id]
                self._send(wire.frame("over", job=job_id))
        self._ensure_worker()

    def _ensure_worker(self) -> None:
        folders = {job_id: sender.folder for job_id, sender in self._senders.items()}
        waiting = [job_id for job_id, folder in folders.items() if due.is_due(folder)]
        if not waiting:
            self._starts = 0
            return
        worker = self._worker
        if is_locked(self._location.lock):
            if worker is not None and any(is_locked(folder / "lock") for folder in folders.values()):
                worker.has_taken_job = True
            return
        if worker is not None:
            if worker.is_alive:  # it is starting
                return
            if self._starts > MAX_RESTARTS or (worker.exit_status and not worker.has_taken_job):
                self._worker = None
                reason = worker.last_line() or f"exit status {worker.exit_status}"
                for job_id in waiting:
                    self._fail(job_id, f"The worker on the remote host did not take the job: {reason}", "remote")
                return
        self._starts += 1
        try:
            self._worker = start_worker(self._location, sys.executable, is_same_python=True)
        except JobError as error:
            for job_id in waiting:
                self._fail(job_id, str(error), "remote")

    def _run_doctor(self, message: Mapping[str, Any]) -> bytes:
        """The JSON that `doctor` prints; {"ok", "message", "code"} if it prints none."""
        command = [sys.executable, "-B", "-m", "backend", "doctor", "--json", "--jobs", str(self._location.jobs)]
        command += [f"--{name}={message[name]}" for name in ("prior", "preset") if message.get(name)]
        try:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, timeout=wire.DOCTOR_S, check=False
            )
            with suppress(wire.WireError):
                wire.parse(done.stdout)
                return done.stdout
            status = f"The check ended with exit status {done.returncode}."
            text = last_line(done.stderr.decode("utf-8", "replace")) or status
            code = "environment" if done.returncode == REQUIREMENTS_MISSING else "internal"
        except subprocess.TimeoutExpired:
            text, code = f"The check gave no answer within {wire.DOCTOR_S:.0f} s.", "timeout"
        return json.dumps({"ok": False, "message": text, "code": code}).encode()


class LineReader:
    """Reads messages of the near end from a file descriptor with a timeout."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._rest = b""
        self._received_at = time.monotonic()

    def messages(self, timeout_s: float) -> list[dict[str, Any]]:
        """Raises EOFError when the near end has closed the connection or is silent for too long."""
        ready, _, _ = select.select([self._descriptor], [], [], timeout_s)
        if ready:
            data = os.read(self._descriptor, 1 << 20)
            if not data:
                raise EOFError
            self._received_at = time.monotonic()
            *lines, self._rest = (self._rest + data).split(b"\n")
            return [wire.parse(text) for text in lines]
        if time.monotonic() - self._received_at > SILENCE_S:
            raise EOFError
        return []


def serve(jobs: Path, incoming: int, outgoing: int) -> None:
    """Serves one connection until it ends."""

    def send(data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(outgoing, view) :]

    far_end, reader = FarEnd(jobs, send), LineReader(incoming)

    def poll_messages(timeout_s: float = 0.0) -> None:
        for message in reader.messages(timeout_s):
            far_end.handle(message)

    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        send(wire.MAGIC + wire.line(relay=wire.RELAY, backend=__version__))
        while True:
            poll_messages(POLL_S)
            far_end.update(poll_messages)


def jobs_folder(name: str) -> Path:
    """The named jobs folder, or this host's default one."""
    return Path(name or os.environ.get("DREAMFUSION_JOBS") or data_folder() / "jobs").absolute()


if __name__ == "__main__":
    # stdout is the connection. Output of libraries goes to stderr.
    connection = os.dup(1)
    os.dup2(2, 1)
    serve(jobs_folder(sys.argv[1] if len(sys.argv) > 1 else ""), 0, connection)
