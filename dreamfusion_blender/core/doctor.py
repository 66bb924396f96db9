"""The check of the backend: `PYTHON -m backend doctor --json`, here or on a host, started and asked for its answer without
waiting."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..backend.errors import JobError
from ..backend.jobs.launch import Child, explain_start_failure, read_tail
from ..backend.jobs.remote import Remote
from . import paths

_FIT = "Model: "  # how its line begins
LIMIT_S = 240.0  # a first import of torch from a slow disk on a busy machine takes its time


@dataclass(frozen=True)
class Diagnosis:
    """`is_good` is None while the check runs. `lines` are (is good, sentence)."""

    is_good: bool | None
    summary: str
    lines: tuple[tuple[bool, str], ...] = ()

    @property
    def fit(self) -> tuple[bool | None, str]:
        """Whether the model fits with the preset, and the sentence; what else is known where the check did not come to it."""
        found = [line for line in self.lines if line[1].startswith(_FIT)]
        return (found[0][0], found[0][1].removeprefix(_FIT)) if found else (self.is_good, self.summary)


class DoctorCheck:
    """One run of the check. `poll` gives the diagnosis; it never blocks and never raises.

    Args:
        about: a model and a preset that it shall fit with; two times nothing, and the backend alone is looked at.
        environment: variables on top of Blender's own.
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
                raise JobError(problem)
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
                self._finish(
                    Diagnosis(
                        False,
                        f"The backend's Python, {self._python}, gave no answer in {LIMIT_S:.0f} s: choose another one.",
                    )
                )
            return self.diagnosis
        log = read_tail(Path(self._folder.name) / "log.txt")
        self._finish(read_answer(self._python, status, child.text(), log))
        return self.diagnosis

    def stop(self) -> None:
        """Ends the check, if it still runs."""
        if self._child is not None:
            self._child.kill()
            self._child.wait(3.0)
        if self.is_running:
            self._finish(Diagnosis(False, "The check was stopped."))

    def _finish(self, diagnosis: Diagnosis) -> None:
        self.diagnosis = diagnosis
        self._folder.cleanup()


def read_answer(python: str, exit_status: int, answer: str, log: str) -> Diagnosis:
    """The diagnosis from what the check printed."""
    try:
        raw = json.loads(answer)
    except ValueError:
        raw = None
    if not isinstance(raw, Mapping):
        return Diagnosis(False, explain_start_failure(python, exit_status, log or answer))
    lines = tuple(_lines(raw))
    bad = [text for good, text in lines if not good]
    is_good = bool(raw.get("ok", exit_status == 0))
    if is_good:
        return Diagnosis(True, "The backend is ready.", lines)
    return Diagnosis(False, bad[0] if bad else str(raw.get("message") or "The backend is not ready."), lines)


def _lines(raw: Mapping[str, Any]) -> list[tuple[bool, str]]:
    checks = raw.get("checks")
    if not isinstance(checks, list):
        return []
    return [
        (bool(c.get("ok")), f"{c.get('name', '')}: {c.get('message', '')}".strip(": "))
        for c in checks
        if isinstance(c, Mapping)
    ]
