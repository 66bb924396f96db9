"""The buttons of jobs and messages. Errors select their buttons by code (`FIXES`); tests check that every code has some."""

from __future__ import annotations

from dataclasses import dataclass

from ..backend.jobs import states
from ..backend.jobs.request import JobRequest
from ..backend.jobs.states import JobState
from .arrival_states import Arrival


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
