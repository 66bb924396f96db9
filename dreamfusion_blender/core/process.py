"""The worker as a child process: started in a group of its own, its end always noticed."""

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

from ..backend.errors import JobError

# Blender's own Python must not leak into the backend's.
_NOT_INHERITED = ("PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "PYTHONEXECUTABLE", "__PYVENV_LAUNCHER__")


def clean_environment(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment for the backend's Python. It never writes .pyc files into the add-on's folder."""
    env = {name: value for name, value in environ.items() if name not in _NOT_INHERITED}
    env.update(PYTHONDONTWRITEBYTECODE="1", PYTHONUNBUFFERED="1", PYTHONUTF8="1")
    return env


class Child:
    """A backend process whose output goes to a file: nothing to drain, so nothing can block. `environment` holds variables
    on top of the inherited ones.

    Raises:
        JobError: it cannot be started; the message says what to do.
    """

    def __init__(
        self,
        python: str,
        arguments: Sequence[str],
        cwd: Path,
        output: Path,
        *,
        errors: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.output = output
        self.started_at = time.monotonic()
        self.stopped_by_us = False
        try:
            # Both kinds of output appended: a log tells of the last start and of the one before.
            with open(output, "ab") as out, open(errors or output, "ab") as err:
                self.start_offset = out.tell()
                self._process = subprocess.Popen(
                    [python, *arguments],
                    cwd=cwd,
                    env={**clean_environment(), **(environment or {})},
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=err,
                    **_own_group(),
                )
        except OSError as error:
            raise JobError(
                f"The backend's Python, {python}, cannot be started ({error.strerror or error}): "
                "choose another one in the preferences."
            ) from error

    @property
    def exit_status(self) -> int | None:
        """None while it runs; asking also reaps it."""
        return self._process.poll()

    @property
    def is_alive(self) -> bool:
        return self.exit_status is None

    def terminate(self) -> None:
        """Asks the whole process group to end."""
        self._signal(force=False)

    def kill(self) -> None:
        """Ends the whole process group."""
        self._signal(force=True)

    def _signal(self, *, force: bool) -> None:
        if not self.is_alive:
            return
        self.stopped_by_us = True
        if sys.platform == "win32":
            if force:
                command = ["taskkill", "/T", "/F", "/PID", str(self._process.pid)]
                subprocess.run(command, capture_output=True, check=False)
            else:
                self._process.send_signal(signal.CTRL_BREAK_EVENT)
            return
        with contextlib.suppress(ProcessLookupError):  # it ended between the question and the signal
            os.killpg(self._process.pid, signal.SIGKILL if force else signal.SIGTERM)

    def wait(self, timeout_s: float) -> int | None:
        """The exit status, or None when it still runs after `timeout_s`. For scripts and tests: it blocks."""
        try:
            return self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return None

    def text(self, limit_bytes: int = 1 << 16) -> str:
        """What it has written since it was started, at most the last `limit_bytes`."""
        return read_tail(self.output, limit_bytes, since=self.start_offset)


def _own_group() -> dict[str, Any]:
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    return {"start_new_session": True}


def read_tail(path: Path, limit_bytes: int = 1 << 16, since: int = 0) -> str:
    """The end of a text file, or nothing if there is none."""
    try:
        with open(path, "rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(since, file.tell() - limit_bytes))
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""


def start_failure(python: str, exit_status: int, text: str) -> str:
    """One sentence about a worker that ended before it said hello, from its exit status and its output."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    last = lines[-1] if lines else ""
    if "No module named" in last:
        module = last.rpartition("No module named")[2].strip().strip("'\"")
        if module.split(".")[0] == "backend":
            return f"The backend's files were not found by {python}: install the add-on again."
        return (
            f"The backend's Python, {python}, lacks the module {module}: "
            "install the backend's requirements there, or choose another Python in the preferences."
        )
    reason = f": {last[:200]}" if last else ""
    return f"The backend did not start (exit status {exit_status}{reason}): check its Python in the preferences, or see the log."
