"""Starts backend processes: workers, relays, checks and installations.

Standard library only. Blender's Python and the backend's both use this module.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .. import installed
from ..devices import is_distributed
from ..errors import JobError
from . import variables
from .exit_codes import REQUIREMENTS_MISSING
from .reading import open_regular
from .remote import Location
from .shortages import mentions_memory

BACKEND_ROOT = Path(__file__).resolve().parents[2]  # holds the package `backend`; working directory of every child
# Exit statuses, negative for signals of POSIX.
KILLED = (-9, 137)  # SIGKILL, by this process or by the system, which has no other way to free memory
OUT_OF_MEMORY = 0xC0000017  # Windows
CRASHED = (-11, -7, -4, 139, 135, 132, 0xC0000005, 0xC000001D, 0xC0000409)  # invalid memory access or instruction
NO_WINDOW: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # `creationflags` without a console window on Windows
END_IDLE = "worker.end"  # in the jobs folder: a worker without jobs ends, see `worker.idle`
MAX_LOG_BYTES = 1 << 20  # a larger worker.log is deleted before the next start; each job has a separate log


class Child:
    """A child process in its own process group. Its output is appended to files, so no pipe can fill up and block it.

    Args:
        python: The interpreter to run.
        arguments: Arguments of the interpreter, such as `-m backend work JOBS`.
        output: File for stdout, and for stderr unless `errors` is given.
        errors: File for stderr.
        environment: Variables added to the inherited ones.
        is_same_python: `python` is the interpreter of this process, so PYTHONPATH and similar variables are inherited, too.
        cwd: Working directory.

    Raises:
        JobError: The process cannot be started or its output file cannot be written.
    """

    def __init__(
        self,
        python: str,
        arguments: Sequence[str],
        output: Path,
        *,
        errors: Path | None = None,
        environment: Mapping[str, str] | None = None,
        is_same_python: bool = False,
        cwd: Path = BACKEND_ROOT,
    ) -> None:
        self.python = python
        self.output = output
        self.started_at = time.monotonic()
        self.was_stopped = False  # by `terminate` or `kill`
        self.has_taken_job = False  # set by the client that reads the events of its jobs
        try:
            with open_regular(output, "ab") as out, open_regular(errors or output, "ab") as err:
                self._start_offset = out.tell()
                try:
                    self._process = subprocess.Popen(
                        [python, *arguments],
                        cwd=cwd,
                        env={**_base_environment(is_same_python=is_same_python), **(environment or {})},
                        stdin=subprocess.DEVNULL,
                        stdout=out,
                        stderr=err,
                        **own_group(),
                    )
                except OSError as error:
                    raise JobError(
                        f"Cannot start the backend's Python {python}: {error.strerror or error}. "
                        "Choose another Python in the preferences.",
                        code="start",
                    ) from error
        except OSError as error:
            raise JobError(
                f"Cannot write to {output}: {error.strerror or error}. Choose another jobs folder in the preferences.",
                code="jobs",
            ) from error

    @property
    def exit_status(self) -> int | None:
        """None while the process runs. Reading it also reaps the process."""
        return self._process.poll()

    @property
    def is_alive(self) -> bool:
        return self.exit_status is None

    def terminate(self) -> None:
        """Sends SIGTERM (Windows: Ctrl-Break) to the process group."""
        self._signal(force=False)

    def kill(self) -> None:
        """Kills the process group."""
        self._signal(force=True)

    def _signal(self, *, force: bool) -> None:
        if not self.is_alive:
            return
        self.was_stopped = True
        if sys.platform == "win32":
            if force:
                command = ["taskkill", "/T", "/F", "/PID", str(self._process.pid)]
                subprocess.run(command, capture_output=True, check=False)
            else:
                self._process.send_signal(signal.CTRL_BREAK_EVENT)
            return
        with contextlib.suppress(ProcessLookupError):  # the process ended after the check above
            os.killpg(self._process.pid, signal.SIGKILL if force else signal.SIGTERM)

    def wait(self, timeout_s: float) -> int | None:
        """The exit status, or None if the process still runs after `timeout_s` seconds. Blocks."""
        try:
            return self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return None

    def text(self, limit_bytes: int = 1 << 16) -> str:
        """The output since the start of this process, at most the last `limit_bytes`."""
        return read_tail(self.output, limit_bytes, since=self._start_offset)

    def last_line(self) -> str:
        """The last non-empty line of the output."""
        return last_line(self.text())


def _base_environment(*, is_same_python: bool) -> dict[str, str]:
    """The inherited variables. The child writes no .pyc files, which would change the installed add-on."""
    environment = dict(os.environ) if is_same_python else variables.for_child()
    return environment | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"}


def own_group() -> dict[str, Any]:
    """Options of `Popen` for a child that does not get the signals of a terminal, such as Ctrl-C, which its parent handles."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | NO_WINDOW}
    return {"start_new_session": True}


def start_worker(
    location: Location,
    python: str,
    environment: Mapping[str, str] | None = None,
    *,
    is_same_python: bool = False,
    keep_minutes: int = 0,
) -> Child:
    """Starts the process that runs the jobs of a location: a worker, or the relay to a remote host.

    A relay needs only the standard library, so it runs in the Python of this process.

    Args:
        keep_minutes: how long the worker stays after its last job.

    Raises:
        JobError: The process cannot be started.
    """
    jobs = str(location.jobs.absolute())
    arguments = ["-m", "backend", "work", jobs]
    if keep_minutes:
        arguments += ["--keep", str(keep_minutes)]
    if location.remote:
        python, arguments = sys.executable, ["-m", "backend.relay", "work", jobs, *location.remote.options()]
    with contextlib.suppress(OSError):
        if location.log.stat().st_size > MAX_LOG_BYTES:
            location.log.unlink()
    return Child(python, arguments, location.log, environment=environment, is_same_python=is_same_python)


def hand_over(location: Location) -> None:
    """Starts a worker or relay with the files that are installed now, in place of this one, whose files have changed.

    Raises:
        JobError: The files were removed, or the process cannot be started.
    """
    if is_distributed() or not installed.is_updated():
        raise JobError("The backend's files were removed or replaced. Reinstall the add-on, then start the jobs again.")
    start_worker(location, sys.executable, is_same_python=True)


REFUSED = "Cannot start {name}: "  # a line in the output of a worker, before the reason


def find_refusal(child: Child, name: str) -> str:
    """Why a worker could not start the job with this name, for the user. Empty if it gave no reason."""
    mark = REFUSED.format(name=name)
    lines = (line for line in child.text().splitlines() if line.startswith(mark))
    return next((line.removeprefix(mark).strip() for line in lines), "")


def explain_exit(location: Location, child: Child) -> str:
    """Why a worker or a relay ended before it took a job, for the user."""
    if location.remote:
        reason = child.last_line()[:200] or f"exit status {child.exit_status}"
        return f"The relay to {location.remote.host} ended: {reason.rstrip('.')}. Try again, or see its log."
    return explain_start_failure(child.python, child.exit_status or 0, child.text())


def explain_start_failure(python: str, exit_status: int, output: str) -> str:
    """Why a backend process ended before it did its work, for the user."""
    last = last_line(output)
    if reason := explain_status(exit_status, last):
        return f"{reason}. Then start it again."
    if exit_status == REQUIREMENTS_MISSING and "No module named" in output:
        return (
            f"The backend's requirements are not installed in {python}. "
            "Install them there, or choose another Python in the preferences."
        )
    if last.endswith("No module named backend"):  # printed by Python itself
        return f"{python} cannot find the backend's files. Reinstall the add-on."
    reason = f", {last[:200]}" if last else ""
    return f"The backend did not start (exit status {exit_status}{reason}). Check its Python in the preferences, or see the log."


def explain_status(exit_status: int, last: str = "") -> str:
    """What ended a process and what to do about it, without the full stop. Empty if the status and the last line do not tell."""
    if exit_status in KILLED:
        return "The system stopped the backend, probably because memory ran out. Close other programs"
    if exit_status == OUT_OF_MEMORY or mentions_memory(last):
        return "Memory ran out. Close other programs"
    if exit_status in CRASHED:
        return "A library of the backend crashed. Restart the computer if this happens again, and update its graphics driver"
    return ""


def read_tail(path: Path, limit_bytes: int = 1 << 16, since: int = 0) -> str:
    """The last `limit_bytes` of a text file after the offset `since`; empty if the file cannot be read."""
    try:
        with open_regular(path) as file:
            file.seek(max(since, file.seek(0, os.SEEK_END) - limit_bytes))
            return file.read(limit_bytes).decode("utf-8", "replace")
    except OSError:
        return ""


def last_line(text: str) -> str:
    """The last non-empty line, without surrounding white space."""
    return text.strip().rpartition("\n")[2].strip()
