"""The state of a job, computed from its events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from .events import PROTOCOL, EventReader
from .lock import is_locked

# Phases of a job, in order. Only some jobs are refined.
PHASES = ("loading", "optimising", "extracting", "baking", "refining", "exporting")

# Statuses. The first five are of jobs that may still change; the last four are final unless the job is resumed.
QUEUED, STARTING, RUNNING, PAUSED, CANCELLING = "queued", "starting", "running", "paused", "cancelling"
DONE, FAILED, CANCELLED, DIED = "done", "failed", "cancelled", "died"
FINAL_STATES = frozenset({DONE, FAILED, CANCELLED, DIED})

# Limits on what events may contain.
MAX_NUMBER = 1e9
MAX_TEXT = 2000  # characters
MAX_WARNINGS = 20  # the newest


@dataclass(frozen=True)
class JobState:
    """The state after some events, made by `fold`. Clients also consider the lock (see `settle`)."""

    status: str = QUEUED
    phase: str = ""
    step: int = 0
    total: int = 0
    elapsed_s: float = 0.0
    eta_s: float | None = None  # time left until the result; None if unknown
    device: str = ""
    preview: str = ""  # relative path of the latest picture
    warnings: tuple[str, ...] = ()
    error: str = ""  # message for the user
    error_code: str = ""
    mesh: str = ""  # relative path of the GLB; empty until the result
    report: Mapping[str, Any] = field(default_factory=dict)
    protocol: int | None = None
    host: str = ""  # remote host that has accepted the job
    link: str = ""  # message for the user while the connection to the host is lost

    @property
    def is_final(self) -> bool:
        return self.status in FINAL_STATES

    @property
    def fraction(self) -> float:
        """Progress of the phase, 0 to 1."""
        return min(1.0, self.step / self.total) if self.total else 0.0


INITIAL = JobState()  # before the first event


def fold(state: JobState, event: Mapping[str, Any]) -> JobState:
    """The state after one more event. Unknown kinds and invalid values leave the state unchanged."""
    try:
        return _fold(state, event)
    except (TypeError, ValueError, OverflowError):
        return state


def _fold(state: JobState, event: Mapping[str, Any]) -> JobState:
    get = event.get
    match event.get("kind"):
        case "hello":  # also of a resumed job, whose earlier end no longer counts
            if get("protocol") != PROTOCOL:
                other = get("protocol") if isinstance(get("protocol"), int) else None
                text = f"The backend uses protocol {other}, the add-on {PROTOCOL}. Install the same version of both."
                return changed(state, status=FAILED, error=text, error_code="protocol", protocol=other)
            return changed(
                state,
                status=RUNNING,
                protocol=PROTOCOL,
                device=_text(get("device", "")),
                error="",
                error_code="",
                warnings=(),
            )
        case "phase":
            return changed(state, phase=_text(get("name", "")), step=0, total=0)
        case "progress":
            return changed(
                state,
                status=RUNNING,
                phase=_text(get("phase", state.phase)),
                step=int(_number(get("step", 0))),
                total=int(_number(get("total", 0))),
                elapsed_s=_number(get("elapsed_s", state.elapsed_s)),
                eta_s=None if get("eta_s") is None else _number(get("eta_s")),
            )
        case "paused":
            return changed(state, status=PAUSED, eta_s=None)
        case "resumed":
            return changed(state, status=RUNNING)
        case "preview":
            return changed(state, preview=_text(get("path", "")))
        case "warning":
            return changed(state, warnings=(*state.warnings, _text(get("message", "")))[-MAX_WARNINGS:])
        case "result":
            return changed(state, mesh=_text(get("mesh", "")), report=dict(get("report") or {}))
        case "error":
            return changed(state, error=_text(get("message", "")), error_code=_text(get("code", "")))
        case "link":
            return changed(state, host=_text(get("host", "")), link=_text(get("message", "")))
        case "bye":
            status = get("status")
            return changed(state, status=status if status in FINAL_STATES else FAILED, eta_s=None, link="")
    return state


def changed(state: JobState, **changes: Any) -> JobState:
    """Like `dataclasses.replace`, but ten times as fast: a client folds the events of thousands of jobs."""
    made = object.__new__(JobState)
    made.__dict__.update(state.__dict__, **changes)
    return made


def _number(value: Any) -> float:
    """A number in the range of steps and seconds.

    Raises:
        TypeError, ValueError: The value is not such a number.
    """
    number = float(value)
    if not 0 <= number <= MAX_NUMBER:
        raise ValueError(f"{number} is out of range")
    return number


def _text(value: Any) -> str:
    """A short text, printable except for line breaks.

    Raises:
        TypeError: The value is not text.
    """
    if not isinstance(value, str):
        raise TypeError("not a text")
    text = value[:MAX_TEXT]
    return text if text.isprintable() else "".join(c for c in text if c.isprintable() or c == "\n")


def settle(state: JobState, *, alive: bool) -> JobState:
    """The state given whether a worker holds the job's lock. A job without worker and without `bye` has died."""
    if alive or state.is_final or state.status in (QUEUED, STARTING):
        return state
    return replace(
        state,
        status=DIED,
        eta_s=None,
        error="The worker exited unexpectedly (killed, or out of memory). Resume the job from its last checkpoint, or see its log.",
        error_code="died",
    )


def read_state(folder: Path) -> JobState:
    """The present state of a job, from all its events and its lock."""
    reader, state = EventReader(folder), JobState()
    while events := reader.read():
        for event in events:
            state = fold(state, event)
    return settle(state, alive=is_locked(folder / "lock"))
