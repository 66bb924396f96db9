"""Job states in words: frozen views that the panel draws without thinking. Every state has wording (tested)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from ..backend.jobs import states
from ..backend.jobs.request import JobRequest
from ..backend.jobs.states import JobState
from . import groups
from .translate import tr


class Arrival(Enum):
    """What became of a finished job's mesh in this Blender."""

    NOT_HERE = "not here"  # made elsewhere or earlier: can be imported
    WAITING = "waiting"  # comes at the next tick
    HELD = "held"  # comes as soon as Blender is free
    HERE = "here"
    FAILED = "failed"


@dataclass(frozen=True)
class Action:
    """A button: `verb` names the operator `dreamfusion.<verb>`, which gets the job's id."""

    verb: str
    label: str
    icon: str


PAUSE = Action("pause", "Pause", "PAUSE")
UNPAUSE = Action("unpause", "Continue", "PLAY")
CANCEL = Action("cancel", "Cancel", "CANCEL")
RESUME = Action("resume", "Resume", "FILE_REFRESH")
RETRY = Action("resume", "Try Again", "FILE_REFRESH")
START = Action("resume", "Start", "PLAY")
IMPORT = Action("import_result", "Import", "IMPORT")
IMPORT_AGAIN = Action("import_result", "Import Again", "IMPORT")
AGAIN = Action("again", "Another Seed", "DUPLICATE")
EDIT = Action("edit_prompt", "Edit Prompt", "GREASEPENCIL")
DELETE = Action("delete_job", "Delete", "TRASH")
RESTORE = Action("restore_job", "Undo", "LOOP_BACK")
SHOW_LOG = Action("show_log", "Show Log", "TEXT")
OPEN_FOLDER = Action("open_jobs_folder", "Open Folder", "FILE_FOLDER")
INSTALL = Action("install_runtime", "Install Backend", "IMPORT")
RESTART = Action("restart", "Restart", "FILE_REFRESH")
OPEN_PREFERENCES = Action("open_preferences", "Open Preferences", "PREFERENCES")


@dataclass(frozen=True)
class Notice:
    """One sentence, with the buttons that put it right."""

    text: str
    is_error: bool = True
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True)
class JobView:
    """Everything that the panel shows of a job."""

    id: str
    title: str
    headline: str  # what happens, in words
    icon: str
    status: str
    is_live: bool
    fraction: float | None = None  # of the whole job, 0 to 1; None hides the bar
    bar_text: str = ""
    detail: str = ""  # step and time left
    preview: str = ""  # absolute path of a picture
    notes: tuple[str, ...] = ()  # warnings
    error: str = ""
    actions: tuple[Action, ...] = ()  # what one does with such a job
    fixes: tuple[Action, ...] = ()  # what puts the error right
    more: tuple[Action, ...] = ()  # what one does with any job that is over
    facts: str = ""  # when it was asked for, how long it took, its seed
    searched: str = ""  # what a search looks at, in small letters


# (words, the part of the whole job that lies before this phase, the part that it is)
PHASE_WORDS: dict[str, tuple[str, float, float]] = {
    "loading": ("Loading the model", 0.0, 0.05),
    "optimising": ("Sculpting", 0.05, 0.80),
    "extracting": ("Making the mesh", 0.85, 0.05),
    "baking": ("Painting the texture", 0.90, 0.04),
    "refining": ("Refining the object", 0.94, 0.03),
    "exporting": ("Saving the object", 0.97, 0.03),
}

STATUS_WORDS: dict[str, tuple[str, str]] = {
    states.QUEUED: ("Waiting", "SORTTIME"),
    states.STARTING: ("Starting the backend", "SORTTIME"),
    states.RUNNING: ("Working", "PLAY"),
    states.PAUSED: ("Paused", "PAUSE"),
    states.CANCELLING: ("Cancelling", "CANCEL"),
    states.DONE: ("Done", "CHECKMARK"),
    states.FAILED: ("Failed", "ERROR"),
    states.CANCELLED: ("Cancelled", "CANCEL"),
    states.DIED: ("Stopped unexpectedly", "ERROR"),
}

DONE_WORDS: dict[Arrival, str] = {
    Arrival.NOT_HERE: "Done, ready to import",
    Arrival.WAITING: "Done, bringing it into the scene",
    Arrival.HELD: "Done, waits until you are back in Object Mode",
    Arrival.HERE: "Done, in the scene",
    Arrival.FAILED: "Done, but the import failed",
}

# Buttons by the code of the error; any other code gets the log and another try.
FIXES: dict[str, tuple[Action, ...]] = {
    "died": (RESUME, SHOW_LOG),
    "start": (OPEN_PREFERENCES, RETRY, SHOW_LOG),
    "protocol": (OPEN_PREFERENCES, SHOW_LOG),
    "environment": (OPEN_PREFERENCES, RETRY, SHOW_LOG),
    "weights": (OPEN_PREFERENCES, RETRY, SHOW_LOG),
    "diverged": (AGAIN, EDIT, SHOW_LOG),
    "error": (EDIT, RETRY, SHOW_LOG),  # mostly an override that does not fit
    "preset": (EDIT,),
    "prior": (OPEN_PREFERENCES, EDIT, SHOW_LOG),  # where models are downloaded
    "remote": (OPEN_PREFERENCES, RETRY, SHOW_LOG),
    "job": (EDIT, SHOW_LOG),
    "memory": (EDIT, RESUME, SHOW_LOG),  # a smaller preset, or another try
    "disk": (OPEN_FOLDER, RESUME),
    "files": (OPEN_FOLDER, RESUME),
    "import": (IMPORT_AGAIN,),
}
SLOW_START_S = 45.0


def duration(seconds: float) -> str:
    """`40 s`, `2 min`, `1 h 5 min`: rounded as a person would say it."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s" if seconds < 10 else f"{5 * round(seconds / 5)} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min" if minutes % 60 else f"{minutes // 60} h"


def time_left(eta_s: float | None) -> str:
    return "" if eta_s is None or eta_s < 0 else tr("about {time} left").format(time=duration(eta_s))


def overall_fraction(state: JobState) -> float:
    """How far the whole job is. Never falls while the phases pass in their order."""
    _, before, part = PHASE_WORDS.get(state.phase, ("", 0.0, 0.0))
    return round(min(1.0, before + part * state.fraction), 4)


def headline(state: JobState, arrival: Arrival, *, pause_asked: bool, waited_s: float, ahead: int) -> str:
    words = tr(STATUS_WORDS.get(state.status, (state.status.capitalize(), ""))[0])
    if state.link and not state.is_final:
        return tr("No connection to {host}: trying again").format(host=state.host)
    if state.status == states.STARTING:
        slow = " " + tr("(longer than usual: see its log)") if waited_s > SLOW_START_S else ""
        return f"{words}: {duration(waited_s)}{slow}"
    if state.status == states.QUEUED and ahead:
        text = tr("Waiting: {count} jobs before it") if ahead > 1 else tr("Waiting for the job before it")
        return text.format(count=ahead)
    if state.status == states.RUNNING and pause_asked:
        return tr("Pausing after this step")
    if state.status == states.RUNNING:
        return tr(PHASE_WORDS[state.phase][0]) if state.phase in PHASE_WORDS else words
    if state.status == states.DONE:
        return tr(DONE_WORDS[arrival])
    return words


def detail(state: JobState) -> str:
    """`Step 120 of 400, about 40 s left`, as far as it is known."""
    if state.status not in (states.RUNNING, states.PAUSED):
        return ""
    steps = ""
    if state.total and state.phase in ("optimising", "refining"):
        steps = tr("Step {step} of {total}").format(step=state.step, total=state.total)
    text = ", ".join(part for part in (steps, time_left(state.eta_s)) if part)
    return text[:1].upper() + text[1:]


def actions(state: JobState, arrival: Arrival, *, pause_asked: bool, is_wanted: bool) -> tuple[Action, ...]:
    """The buttons of a job in this state."""
    match state.status:
        case states.QUEUED:
            return (CANCEL,) if is_wanted else (START, CANCEL)
        case states.STARTING:
            return (CANCEL, SHOW_LOG)
        case states.RUNNING if not pause_asked:
            return (PAUSE, CANCEL)
        case states.RUNNING | states.PAUSED:
            return (UNPAUSE, CANCEL)
        case states.CANCELLED:
            return (RESUME,)
        case states.DONE if arrival in (Arrival.NOT_HERE, Arrival.HERE):
            return (IMPORT if arrival is Arrival.NOT_HERE else IMPORT_AGAIN,)
    return ()


def fixes(state: JobState, arrival: Arrival) -> tuple[Action, ...]:
    """The buttons beside an error."""
    if arrival is Arrival.FAILED:
        return FIXES["import"]
    if state.status not in (states.FAILED, states.DIED):
        return ()
    return FIXES.get(state.error_code, (RETRY, SHOW_LOG))


def facts(request: JobRequest, state: JobState) -> str:
    """`2026-11-21 14:30, seed 7, 2 of 5, on gpu-box, 55 s`, in the user's own time zone; the third for objects of a group, the
    fourth for jobs that run elsewhere."""
    took = duration(state.elapsed_s) if state.elapsed_s and state.is_final else ""
    seed = tr("seed {seed}").format(seed=request.seed)
    group = groups.of(request.origin)
    place = tr("{number} of {count}").format(number=group.number + 1, count=group.count) if group else ""
    host = tr("on {host}").format(host=state.host) if state.host else ""
    return ", ".join(part for part in (local_time(request.created), seed, place, host, took) if part)


def local_time(created: str) -> str:
    try:
        return datetime.fromisoformat(created).astimezone().strftime("%Y-%m-%d %H:%M")
    except ValueError:  # written by something else
        return created[:16]


def view_job(
    job_id: str,
    request: JobRequest,
    state: JobState,
    *,
    arrival: Arrival = Arrival.NOT_HERE,
    pause_asked: bool = False,
    is_wanted: bool = True,
    ahead: int = 0,
    waited_s: float = 0.0,
    preview: str = "",
    import_error: str = "",
) -> JobView:
    """The view of one job.

    Args:
        arrival: what became of its mesh here.
        pause_asked: a pause was asked for; the worker heeds it after its step.
        is_wanted: this Blender looks after a worker for it.
        ahead: how many jobs come before it.
        waited_s: how long ago it was asked for, in whole seconds so that views change once a second.
        preview: absolute path of its newest picture.
        import_error: why the mesh could not be imported.
    """
    error = import_error or (state.error if state.status in (states.FAILED, states.DIED) else "")
    if state.status == states.FAILED and not error:
        error = tr("Failed without saying why: see the log.")
    has_bar = state.status in (states.STARTING, states.RUNNING, states.PAUSED)
    words = headline(state, arrival, pause_asked=pause_asked, waited_s=waited_s, ahead=ahead)
    known = facts(request, state)
    fraction = overall_fraction(state) if has_bar else None
    return JobView(
        id=job_id,
        title=request.prompt,
        headline=words,
        icon="ERROR" if error else STATUS_WORDS.get(state.status, ("", "QUESTION"))[1],
        status=state.status,
        is_live=not state.is_final,
        fraction=fraction,
        bar_text=f"{words}  {fraction:.0%}" if fraction else words,
        detail=detail(state),
        preview=preview,
        notes=(*state.warnings, state.link) if state.link else state.warnings,
        error=error,
        actions=actions(state, arrival, pause_asked=pause_asked, is_wanted=is_wanted),
        fixes=fixes(state, arrival),
        more=(AGAIN, EDIT, SHOW_LOG, DELETE) if state.is_final else (),
        facts=known,
        searched=f"{request.prompt} {known} {words}".casefold(),
    )
