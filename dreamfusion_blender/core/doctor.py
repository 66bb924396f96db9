"""Runs the backend's check (`python -m backend doctor --json`) on this computer or a remote host, without blocking."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..backend.errors import JobError
from ..backend.jobs.launch import Child, explain_start_failure, read_tail
from ..backend.jobs.reading import parse
from ..backend.jobs.remote import Remote
from . import paths

MODEL_CHECK = "model"  # id of the check whether the model fits in memory
LIMIT_S = 240.0  # the first import of torch from a slow disk on a busy computer is slow


@dataclass(frozen=True)
class Diagnosis:
    """Result of a check.

    Attributes:
        is_good: None while the check runs.
        lines: (is good, text) of each single check.
        model: (is good, text) of the check whether the model fits in memory. None if that check did not run.
    """

    is_good: bool | None
    summary: str
    lines: tuple[tuple[bool, str], ...] = ()
    model: tuple[bool, str] | None = None

    @property
    def memory(self) -> tuple[bool | None, str]:
        """(is good, text) for the model. Falls back to the overall result if the model was not checked."""
        return self.model or (self.is_good, self.summary)


class DoctorCheck:
    """One run of the check. `poll` returns the diagnosis; it never blocks and never raises.

    Args:
        about: Model and preset to check for memory. Empty strings check the backend only.
        environment: Variables to add to Blender's own.
    """

    def __init__(
        self,
        python: str,
        remote: Remote | None = None,
        about: tuple[str, str] = ("", ""),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._python = python
        self.about = about
        self._child: Child | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="dreamfusion-check-")
        self.diagnosis = Diagnosis(None, "Checking the backend...")
        try:
            arguments = ["-m", "backend", "doctor", "--json"]
            if remote is not None:
                python, arguments = sys.executable, ["-m", "backend.relay", "check", *remote.options()]
            elif problem := paths.python_problem(python):
                raise JobError(problem, code="setup")
            if about[0]:
                arguments += [f"--prior={about[0]}", f"--preset={about[1]}"]
            folder = Path(self._folder.name)
            self._child = Child(
                python,
                arguments,
                folder / "answer.json",
                errors=folder / "log.txt",
                environment=environment,
            )
        except JobError as error:
            self._finish(Diagnosis(False, str(error)))

    @property
    def is_running(self) -> bool:
        return self.diagnosis.is_good is None

    def poll(self) -> Diagnosis:
        child = self._child
        if child is None or not self.is_running:
            return self.diagnosis
        status = child.exit_status
        if status is None:
            if time.monotonic() - child.started_at > LIMIT_S:
                child.kill()
                message = (
                    f"The backend Python, {self._python}, did not answer within {LIMIT_S:.0f} s. Choose another one."
                )
                self._finish(Diagnosis(False, message))
            return self.diagnosis
        log = read_tail(Path(self._folder.name) / "log.txt")
        self._finish(read_answer(self._python, status, child.text(), log))
        return self.diagnosis

    def stop(self) -> None:
        """Ends the check if it is running."""
        if self._child is not None:
            self._child.kill()
            self._child.wait(3.0)
        if self.is_running:
            self._finish(Diagnosis(False, "The check was stopped."))

    def _finish(self, diagnosis: Diagnosis) -> None:
        self.diagnosis = diagnosis
        self._folder.cleanup()


def read_answer(python: str, exit_status: int, answer: str, log: str) -> Diagnosis:
    """Converts the output of the check to a diagnosis."""
    try:
        raw = parse(answer.encode())
    except ValueError:
        raw = None
    if not isinstance(raw, Mapping):
        return Diagnosis(False, explain_start_failure(python, exit_status, log or answer))
    checks = [check for check in _as_list(raw.get("checks")) if isinstance(check, Mapping)]
    lines = tuple((bool(c.get("ok")), f"{c.get('name', '')}: {c.get('message', '')}") for c in checks)
    found = [(bool(c.get("ok")), str(c.get("message", ""))) for c in checks if c.get("id") == MODEL_CHECK]
    model = found[0] if found else None
    if bool(raw.get("ok", exit_status == 0)):
        return Diagnosis(True, "The backend is ready.", lines, model)
    problems = [text for good, text in lines if not good]
    summary = problems[0] if problems else str(raw.get("message") or "The backend is not ready.")
    return Diagnosis(False, summary, lines, model)


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
