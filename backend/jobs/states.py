"""How a job stands, as its events tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from .events import PROTOCOL, EventReader
from .lock import is_locked

# Phases in the order in which a job passes them; progress events name one of these. Not every job is refined.
PHASES = ("loading", "optimising", "extracting", "baking", "refining", "exporting")

# How a job stands. The first five are for a job that may still change, the last four are final unless resumed.
QUEUED, STARTING, RUNNING, PAUSED, CANCELLING = "queued", "starting", "running", "paused", "cancelling"
DONE, FAILED, CANCELLED, DIED = "done", "failed", "cancelled", "died"
FINAL_STATES = frozenset({DONE, FAILED, CANCELLED, DIED})


@dataclass(frozen=True)
class JobState:
    """What the events say so far. Made by `fold`; a client adds what only the lock can tell (see `settle`)."""

    status: str = QUEUED
    phase: str = ""
    step: int = 0
    total: int = 0
    elapsed_s: float = 0.0
    eta_s: float | None = None  # time left until the result, None while it is unknown
    device: str = ""
    preview: str = ""  # relative path of the newest picture
    warnings: tuple[str, ...] = ()
    error: str = ""  # one sentence, for a person
    error_code: str = ""
    mesh: str = ""  # relative path of the GLB, when there is one
    report: Mapping[str, Any] = field(default_factory=dict)
    protocol: int | None = None
    host: str = ""  # that has the job, if it is not this computer
    link: str = ""  # one sentence while there is no connection to the host

    @property
    def is_final(self) -> bool:
        return self.status in FINAL_STATES

    @property
    def fraction(self) -> float:
        """How far the phase is, 0 to 1."""
        return min(1.0, self.step / self.total) if self.total else 0.0


def fold(state: JobState, event: Mapping[str, Any]) -> JobState:
    """The state after one more event. Kinds that this version does not know change nothing, and neither does nonsense."""
    try:
        return _fold(state, event)
    except (TypeError, ValueError, OverflowError):
        return state


def _fold(state: JobState, event: Mapping[str, Any]) -> JobState:
    get = event.get
    match event.get("kind"):
        case "hello":  # a resumed job says hello again: the earlier end no longer counts
            if get("protocol") != PROTOCOL:
                text = f"The backend speaks protocol {get('protocol')} and this add-on {PROTOCOL}: install the same version of both."
                return replace(state, status=FAILED, error=text, error_code="protocol", protocol=get("protocol"))
            return replace(
                state,
                status=RUNNING,
                protocol=PROTOCOL,
                device=str(get("device", "")),
                error="",
                error_code="",
                warnings=(),
            )
        case "phase":
            return replace(state, phase=str(get("name", "")), step=0, total=0)
        case "progress":
            return replace(
                state,
                status=RUNNING,
                phase=str(get("phase", state.phase)),
                step=int(get("step", 0)),
                total=int(get("total", 0)),
                elapsed_s=float(get("elapsed_s", state.elapsed_s)),
                eta_s=None if get("eta_s") is None else float(get("eta_s")),  # type: ignore[arg-type]
            )
        case "paused":
            return replace(state, status=PAUSED, eta_s=None)
        case "resumed":
            return replace(state, status=RUNNING)
        case "preview":
            return replace(state, preview=str(get("path", "")))
        case "warning":
            return replace(state, warnings=(*state.warnings, str(get("message", ""))))
        case "result":
            return replace(state, mesh=str(get("mesh", "")), report=dict(get("report") or {}))
        case "error":
            return replace(state, error=str(get("message", "")), error_code=str(get("code", "")))
        case "link":
            return replace(state, host=str(get("host", "")), link=str(get("message", "")))
        case "bye":
            status = get("status")
            return replace(state, status=status if status in FINAL_STATES else FAILED, eta_s=None, link="")
    return state


def settle(state: JobState, *, alive: bool) -> JobState:
    """The state once it is known whether a worker holds the job's lock: a job cut off without `bye` has died."""
    if alive or state.is_final or state.status in (QUEUED, STARTING):
        return state
    return replace(
        state,
        status=DIED,
        eta_s=None,
        error="The worker exited unexpectedly (killed, or out of memory): resume the job from its last checkpoint, or see its log.",
        error_code="died",
    )


def read_state(folder: Path) -> JobState:
    """What all of the job's events so far come to."""
    reader, state = EventReader(folder), JobState()
    while events := reader.read():
        for event in events:
            state = fold(state, event)
    return settle(state, alive=is_locked(folder / "lock"))
