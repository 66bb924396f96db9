"""Converts job states to frozen views with all texts and buttons that the panel draws.

Tests check that every state has texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..backend.jobs import states
from ..backend.jobs.request import JobRequest
from ..backend.jobs.states import JobState
from . import groups
from .actions import MORE, Action, actions, fixes, in_place_actions
from .arrival_states import Arrival
from .formats import NAME_LENGTH, duration, local_time, shortened, time_left
from .translate import tr


@dataclass(frozen=True)
class Message:
    """A message in the panel, with buttons that solve the problem."""

    text: str
    is_error: bool = True
    actions: tuple[Action, ...] = ()
    job: str = ""  # that the buttons act on


@dataclass(frozen=True)
class JobView:
    """Everything that the panel shows about a job."""

    id: str
    title: str
    headline: str
    icon: str
    status: str
    is_live: bool  # not ended
    fraction: float | None = None  # progress of the whole job, 0 to 1; None hides the bar
    bar_text: str = ""
    detail: str = ""  # step and time left
    preview: str = ""  # absolute path of an image, which may lead out of the job's folder: see `Job.preview_path`
    notes: tuple[str, ...] = ()  # warnings
    error: str = ""
    actions: tuple[Action, ...] = ()  # buttons for this state
    fixes: tuple[Action, ...] = ()  # buttons for the error
    more: tuple[Action, ...] = ()  # buttons of every ended job
    facts: str = ""  # date, seed, host and duration
    searched: str = ""  # lower-case text that the history search matches
    name: str = ""  # the title, shortened to fit a row
    has_long_name: bool = False  # it is shortened
    group: str = ""  # id of its list or variations
    place: str = ""  # in the group: "3 of 20"
    status_text: str = ""  # a few words for a row
    can_move: bool = False  # it waits, and its place in the queue can be changed
    elapsed_s: float = 0.0
    eta_s: float | None = None  # estimated seconds until the end


# Phase: (text, start and length as fractions of the whole job).
PHASE_TEXTS: dict[str, tuple[str, float, float]] = {
    "loading": ("Loading the model", 0.0, 0.05),
    "optimising": ("Optimizing", 0.05, 0.80),
    "extracting": ("Extracting the mesh", 0.85, 0.05),
    "baking": ("Baking the texture", 0.90, 0.04),
    "refining": ("Refining the object", 0.94, 0.03),
    "exporting": ("Exporting the object", 0.97, 0.03),
}

STATUS_TEXTS: dict[str, tuple[str, str]] = {
    states.QUEUED: ("Queued", "SORTTIME"),
    states.STARTING: ("Starting the backend", "SORTTIME"),
    states.RUNNING: ("Running", "PLAY"),
    states.PAUSED: ("Paused", "PAUSE"),
    states.CANCELLING: ("Canceling", "CANCEL"),
    states.DONE: ("Done", "CHECKMARK"),
    states.FAILED: ("Failed", "ERROR"),
    states.CANCELLED: ("Canceled", "CANCEL"),
    states.DIED: ("Stopped unexpectedly", "ERROR"),
}

DONE_TEXTS: dict[Arrival, str] = {
    Arrival.NOT_IMPORTED: "Done. Ready to import",
    Arrival.PENDING: "Done. Importing",
    Arrival.HELD: "Done. Switch to Object Mode to import",
    Arrival.BUSY: "Done. Imported after the current operation",
    Arrival.IMPORTED: "Done. Imported",
    Arrival.FAILED: "Done. Import failed",
}

# Of jobs that paint or change an object of the scene.
IN_PLACE_TEXTS: dict[Arrival, str] = {
    Arrival.NOT_IMPORTED: "Done. Ready to apply",
    Arrival.PENDING: "Done. Applying",
    Arrival.HELD: "Done. Switch to Object Mode to apply",
    Arrival.BUSY: "Done. Applied after the current operation",
    Arrival.IMPORTED: "Done. Applied",
    Arrival.FAILED: "Done. Not applied",
}

SLOW_START_S = 45.0


def overall_fraction(state: JobState) -> float:
    """Progress of the whole job, 0 to 1. Never decreases from phase to phase."""
    _, start, length = PHASE_TEXTS.get(state.phase, ("", 0.0, 0.0))
    return round(min(1.0, start + length * state.fraction), 4)


def is_in_place(request: JobRequest) -> bool:
    """Whether the job paints or changes an object of the scene."""
    return request.mode in ("texture", "change")


def headline(
    state: JobState,
    arrival: Arrival,
    *,
    is_pausing: bool,
    waited_s: float,
    ahead: int,
    done_texts: Mapping[Arrival, str] = DONE_TEXTS,
) -> str:
    text = tr(STATUS_TEXTS.get(state.status, (state.status.capitalize(), ""))[0])
    if state.link and not state.is_final:
        return tr("No connection to {host}. Retrying").format(host=state.host)
    if state.status == states.STARTING:
        slow = " " + tr("(see the log)") if waited_s > SLOW_START_S else ""
        return f"{text}: {duration(waited_s)}{slow}"
    if state.status == states.QUEUED and ahead:
        queued = tr("Waiting for {count} jobs") if ahead > 1 else tr("Waiting for the previous job")
        return queued.format(count=ahead)
    if state.status == states.RUNNING and is_pausing:
        return tr("Pausing after the current step")
    if state.status == states.RUNNING:
        return tr(PHASE_TEXTS[state.phase][0]) if state.phase in PHASE_TEXTS else text
    if state.status == states.DONE:
        return tr(done_texts[arrival])
    return text


def status_text(state: JobState, fraction: float | None, *, has_error: bool) -> str:
    """A few words for a row: `Queued`, `45%`."""
    if fraction and state.status == states.RUNNING and not has_error:
        return f"{fraction:.0%}"
    status = states.FAILED if has_error else state.status
    return tr(STATUS_TEXTS.get(status, (state.status.capitalize(), ""))[0])


def detail(state: JobState) -> str:
    """Formats the known parts of `Step 120 of 400, about 40 s left`."""
    if state.status not in (states.RUNNING, states.PAUSED):
        return ""
    steps = ""
    if state.total and state.phase in ("optimising", "refining"):
        steps = tr("Step {step} of {total}").format(step=state.step, total=state.total)
    text = ", ".join(part for part in (steps, time_left(state.eta_s)) if part)
    return text[:1].upper() + text[1:]


def facts(request: JobRequest, state: JobState, place: str = "") -> str:
    """Formats `2026-11-21 14:30, seed 7, 2 of 5, on gpu-box, 55 s` in the local time zone.

    The number `place` is shown for jobs of a group, the host for remote jobs, and the duration for ended jobs. The name of the
    object comes first for jobs that paint one.
    """
    took = duration(state.elapsed_s) if state.elapsed_s and state.is_final else ""
    seed = tr("seed {seed}").format(seed=request.seed)
    host = tr("on {host}").format(host=state.host) if state.host else ""
    parts = (target_name(request), local_time(request.created), seed, place, host, took)
    return ", ".join(part for part in parts if part)


def target_name(request: JobRequest) -> str:
    """The name that the painted or changed object had. Empty for other jobs."""
    target = request.origin.get("target") if is_in_place(request) else None
    return shortened(str(target.get("name", ""))) if isinstance(target, Mapping) else ""


def place_in(group: groups.Group | None) -> str:
    """Formats `3 of 20`. Empty for a single job."""
    return tr("{number} of {count}").format(number=group.number + 1, count=group.count) if group else ""


def view_job(
    job_id: str,
    request: JobRequest,
    state: JobState,
    *,
    arrival: Arrival = Arrival.NOT_IMPORTED,
    is_pausing: bool = False,
    is_attended: bool = True,
    ahead: int = 0,
    waited_s: float = 0.0,
    preview: str = "",
    import_error: str = "",
    can_move: bool = False,
) -> JobView:
    """Makes the view of one job.

    Args:
        is_pausing: A pause was requested. The worker pauses after its current step.
        is_attended: This session started a worker for the job.
        ahead: Number of jobs before it in the queue.
        waited_s: Seconds since the job was submitted. Whole numbers, so that the view changes once a second.
        preview: Absolute path of the newest preview.
        import_error: Reason why the mesh could not be imported.
    """
    error = import_error or (state.error if state.status in (states.FAILED, states.DIED) else "")
    if state.status == states.FAILED and not error:
        error = tr("Failed. See the log.")
    has_bar = state.status in (states.STARTING, states.RUNNING, states.PAUSED)
    done_texts = IN_PLACE_TEXTS if is_in_place(request) else DONE_TEXTS
    text = headline(state, arrival, is_pausing=is_pausing, waited_s=waited_s, ahead=ahead, done_texts=done_texts)
    buttons = actions(state, arrival, is_pausing=is_pausing, is_attended=is_attended)
    fraction = overall_fraction(state) if has_bar else None
    group = groups.of(request.origin)
    place = place_in(group)
    known = facts(request, state, place)
    return JobView(
        id=job_id,
        title=request.prompt,
        headline=text,
        icon="ERROR" if error else STATUS_TEXTS.get(state.status, ("", "QUESTION"))[1],
        status=state.status,
        is_live=not state.is_final,
        fraction=fraction,
        bar_text=f"{text}  {fraction:.0%}" if fraction else text,
        detail=detail(state),
        preview=preview,
        notes=(*state.warnings, state.link) if state.link else state.warnings,
        error=error,
        actions=in_place_actions(request, state, arrival, buttons) if is_in_place(request) else buttons,
        fixes=fixes(state, arrival, request),
        more=MORE if state.is_final else (),
        facts=known,
        searched=f"{request.prompt} {known} {text}".casefold(),
        name=shortened(request.prompt),
        has_long_name=len(request.prompt) > NAME_LENGTH,
        group=group.id if group else "",
        place=place,
        status_text=status_text(state, fraction, has_error=bool(error)),
        can_move=can_move,
        elapsed_s=state.elapsed_s or 0.0,
        eta_s=state.eta_s,
    )
