"""Runs rows one after the other, each in its own process, as long as there is time."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from ..common import REPO, say
from .plan import Row
from .results import DONE, FAILED, Result, Results

LOG = "gpu.log"
PATIENCE = 3.0  # times the expected seconds, after which a row is ended
OF_SIGKILL = "The process was killed, which happens if the main memory is full."


def run_rows(rows: Sequence[Row], results: Results, device: str, models: str, minutes: float) -> dict[str, str]:
    """Runs the rows that are not done and that are expected to end in time. Each result is written at once.

    Returns:
        Why the other rows did not run, by their names.
    """
    deadline = time.monotonic() + 60 * minutes
    not_run = {}
    for row in results.pending(rows):
        left = deadline - time.monotonic()
        if row.expected_s > left:
            not_run[row.name] = f"needs about {row.expected_s:.0f} s, {max(0, left):.0f} s were left"
            continue
        say(f"{row.name} ...")
        results.add(run_row(row, device, models, min(left, PATIENCE * row.expected_s), results.path.parent))
        done = results.rows[row.name]
        say(f"  {done.status} in {done.seconds:.0f} s{': ' + done.reason if done.reason else ''}")
    return not_run


def run_row(row: Row, device: str, models: str, limit_s: float, folder: Path) -> Result:
    """Runs a row in its own process. Its output is added to the log in `folder`."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as place, (folder / LOG).open("ab") as output:
        output.write(f"--- {row.name}\n".encode())
        output.flush()
        file = Path(place) / "result.json"
        given = json.dumps({"kind": row.kind, "options": dict(row.options)})
        command = [sys.executable, "-m", "tools.gpu.one", given, device, models, str(file)]
        # In its own group, because some rows start processes.
        child = subprocess.Popen(command, cwd=REPO, stdout=output, stderr=output, start_new_session=True)
        found: dict[str, Any] = {}
        try:
            status = child.wait(limit_s)
            found = {"reason": OF_SIGKILL if status == -signal.SIGKILL else f"The process ended with status {status}."}
            with suppress(OSError, ValueError):
                found = json.loads(file.read_text())
        except subprocess.TimeoutExpired:
            found = {"reason": f"It did not end within {limit_s:.0f} s."}
        finally:
            _end_group(child)
    seconds = round(time.monotonic() - began, 1)
    if "facts" in found:
        return Result(row.name, row.kind, DONE, seconds, facts=found["facts"])  # type: ignore[arg-type]
    return Result(row.name, row.kind, FAILED, seconds, found["reason"])  # type: ignore[arg-type]


def _end_group(child: subprocess.Popen[bytes]) -> None:
    """Ends the process with those that it started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
