"""Converts job states to frozen views with all texts and buttons that the panel draws.

Errors select their buttons by code (`FIXES`). Tests check that every state has texts and every code has buttons.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from ..backend.jobs import states
from ..backend.jobs.request import JobRequest
from ..backend.jobs.states import JobState
from . import groups
from .translate import tr


class Arrival(Enum):
    """Import state of a job's mesh in the open file."""

    NOT_IMPORTED = "not imported"  # the user can import it
    PENDING = "pending"  # is imported when the job is done
    HELD = "held"  # is imported when Blender is back in Object Mode
    BUSY = "busy"  # is imported when Blender has finished a render or an operation of the user
    IMPORTED = "imported"  # a scene of the file has an object of the job
    FAILED = "failed"


@dataclass(frozen=True)
class Action:
    """A button. `verb` is the name of the operator `dreamfusion.<verb>`, which receives the job's id."""

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
APPLY = Action("apply_texture", "Apply Texture", "TEXTURE")
APPLY_CHANGE = Action("apply_change", "Apply Change", "MOD_REMESH")
IMPORT_COPY = Action("import_copy", "Import Copy", "IMPORT")
BEFORE_AFTER = Action("before_after", "Before / After", "ARROW_LEFTRIGHT")
IMPORT_ALL = Action("import_unseen", "Import All", "IMPORT")
DISMISS = Action("dismiss_unseen", "Dismiss", "X")
AGAIN = Action("again", "Another Seed", "DUPLICATE")
SELECT = Action("select_object", "Select Object", "RESTRICT_SELECT_OFF")
MARK = Action("mark_asset", "Mark as Asset", "ASSET_MANAGER")
CANCEL_ALL = Action("cancel_all", "Cancel All", "CANCEL")
RETRY_FAILED = Action("retry_failed", "Retry Failed", "FILE_REFRESH")
RESUME_ALL = Action("resume_all", "Resume All", "FILE_REFRESH")
SELECT_ALL = Action("select_object", "Select Objects", "RESTRICT_SELECT_OFF")
MARK_ALL = Action("mark_asset", "Mark All as Assets", "ASSET_MANAGER")
EDIT = Action("edit_prompt", "Edit Prompt", "GREASEPENCIL")
DELETE = Action("delete_job", "Delete", "TRASH")
RESTORE = Action("restore_job", "Undo", "LOOP_BACK")
SHOW_LOG = Action("show_log", "Show Log", "TEXT")
OPEN_FOLDER = Action("open_jobs_folder", "Open Folder", "FILE_FOLDER")
INSTALL = Action("install_runtime", "Install Backend", "IMPORT")
ALLOW_ONLINE = Action("allow_online", "Allow Online Access", "INTERNET")
RESTART = Action("restart", "Restart", "FILE_REFRESH")
OPEN_PREFERENCES = Action("open_preferences", "Open Preferences", "PREFERENCES")


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

# Buttons by error code (`backend.errors.CODES`). Other codes get DEFAULT_FIXES.
DEFAULT_FIXES = (RETRY, SHOW_LOG)
FIXES: dict[str, tuple[Action, ...]] = {
    "died": (RESUME, SHOW_LOG),
    "start": (OPEN_PREFERENCES, RETRY, SHOW_LOG),
    "protocol": (OPEN_PREFERENCES, SHOW_LOG),
    "environment": (OPEN_PREFERENCES, RETRY, SHOW_LOG),
    "weights": (OPEN_PREFERENCES, RETRY, SHOW_LOG),
    "diverged": (AGAIN, EDIT, SHOW_LOG),
    "error": (EDIT, RETRY, SHOW_LOG),
    "settings": (EDIT,),
    "device": (EDIT, SHOW_LOG),
    "empty": (AGAIN, EDIT, SHOW_LOG),  # no surface
    "full": (AGAIN, EDIT, SHOW_LOG),
    "preset": (EDIT,),
    "prior": (OPEN_PREFERENCES, EDIT, SHOW_LOG),  # the preferences download models
    "remote": (OPEN_PREFERENCES, RETRY, SHOW_LOG),
    "job": (EDIT, SHOW_LOG),
    "memory": (EDIT, RESUME, SHOW_LOG),  # a smaller preset, or a retry
    "disk": (OPEN_FOLDER, RESUME),
    "files": (OPEN_FOLDER, RESUME),
    "import": (IMPORT_AGAIN,),
}
MORE = (AGAIN, EDIT, SHOW_LOG, DELETE)
CAN_RESUME, CAN_IMPORT, IS_IMPORTED = (RESUME,), (IMPORT, AGAIN), (SELECT, MARK, AGAIN, IMPORT_AGAIN)
CAN_APPLY, IS_APPLIED = (APPLY, IMPORT_COPY, AGAIN), (SELECT, BEFORE_AFTER, AGAIN, IMPORT_COPY)
APPLY_FIXES = (APPLY, IMPORT_COPY)
CAN_CHANGE, IS_CHANGED = (APPLY_CHANGE, IMPORT_COPY, AGAIN), (SELECT, MARK, AGAIN, IMPORT_COPY)
CHANGE_FIXES = (APPLY_CHANGE, IMPORT_COPY)
SETUP_CODES = ("setup", "jobs")  # errors that the user solves in the preferences
SLOW_START_S = 45.0
NAME_LENGTH = 60  # of a job's name in rows, buttons and messages


def duration(seconds: float) -> str:
    """Formats a rounded duration: `40 s`, `2 min`, `1 h 5 min`."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s" if seconds < 10 else f"{5 * round(seconds / 5)} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min" if minutes % 60 else f"{minutes // 60} h"


def clock(seconds: int) -> str:
    """Formats a duration with seconds: `1:05`, `1:00:05`."""
    hours, minutes = seconds // 3600, seconds // 60 % 60
    return f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"


def time_left(eta_s: float | None) -> str:
    return "" if eta_s is None or eta_s < 0 else tr("about {time} left").format(time=duration(eta_s))


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


def actions(state: JobState, arrival: Arrival, *, is_pausing: bool, is_attended: bool) -> tuple[Action, ...]:
    """Buttons for the state of a job."""
    match state.status:
        case states.QUEUED:
            return (CANCEL,) if is_attended else (START, CANCEL)
        case states.STARTING:
            return (CANCEL, SHOW_LOG)
        case states.RUNNING if not is_pausing:
            return (PAUSE, CANCEL)
        case states.RUNNING | states.PAUSED:
            return (UNPAUSE, CANCEL)
        case states.CANCELLED:
            return CAN_RESUME
        case states.DONE if arrival is Arrival.NOT_IMPORTED:
            return CAN_IMPORT
        case states.DONE if arrival is Arrival.IMPORTED:
            return IS_IMPORTED
    return ()


def in_place_actions(
    request: JobRequest, state: JobState, arrival: Arrival, usual: tuple[Action, ...]
) -> tuple[Action, ...]:
    """Buttons for a job that paints or changes an object: `usual`, unless it is done."""
    if state.status != states.DONE:
        return usual
    can, is_done = (CAN_APPLY, IS_APPLIED) if request.mode == "texture" else (CAN_CHANGE, IS_CHANGED)
    return {Arrival.NOT_IMPORTED: can, Arrival.IMPORTED: is_done}.get(arrival, usual)


def import_fixes(request: JobRequest) -> tuple[Action, ...]:
    """Buttons for a result that could not be imported or applied."""
    return {"texture": APPLY_FIXES, "change": CHANGE_FIXES}.get(request.mode, FIXES["import"])


def fixes(state: JobState, arrival: Arrival, request: JobRequest) -> tuple[Action, ...]:
    """Buttons for the error of a job."""
    if arrival is Arrival.FAILED:
        return import_fixes(request)
    if state.status not in (states.FAILED, states.DIED):
        return ()
    return FIXES.get(state.error_code, DEFAULT_FIXES)


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


def shortened(text: str, length: int = NAME_LENGTH) -> str:
    """The start of a text, up to the end of a word if possible."""
    if len(text) <= length:
        return text
    start = text[: length - 1]
    return (start.rpartition(" ")[0] or start) + "…"


def local_time(created: str) -> str:
    try:
        return datetime.fromisoformat(created).astimezone().isoformat(" ", "minutes")[:16]
    except (ValueError, OverflowError, OSError):  # written by another program, or a year that no time zone can shift
        return created[:16]


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
    )
