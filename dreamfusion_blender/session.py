"""The state of this run of Blender: plain values, never on the scene, cleared when the add-on is enabled or disabled.

Scenes are named by their `session_uid`, jobs by their id; no reference to Blender's data is kept.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import bpy

from . import compat
from .backend.install.torch_builds import AUTOMATIC
from .backend.jobs.remote import Remote
from .backend.jobs.remote import problem as remote_problem
from .backend.places import models_folder as default_models_folder
from .core import models, paths, runtime
from .core.doctor import Diagnosis, DoctorCheck
from .core.history import HistoryPage
from .core.jobs import OFFLINE, JobBoard
from .core.present import INSTALL, OPEN_PREFERENCES, Action, Arrival, JobView, Notice
from .core.runtime import Installation


@dataclass
class SessionState:
    """Everything that the add-on remembers between two ticks."""

    token: str = field(default_factory=lambda: secrets.token_hex(8))  # names this run of Blender in job.json
    board: JobBoard | None = None
    current: dict[int, str] = field(default_factory=dict)  # scene's session_uid -> the job that its panel shows
    arrivals: dict[str, Arrival] = field(default_factory=dict)
    landings: dict[str, dict[str, object]] = field(default_factory=dict)  # instead of the request's origin
    import_errors: dict[str, str] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)  # jobs whose scene has been looked for in the open file
    stale: set[str] = field(default_factory=set)  # jobs whose view has to be made anew
    views: dict[str, JobView] = field(default_factory=dict)  # what the panel draws
    live: tuple[JobView, ...] = ()  # those that are not over, in the order in which they get their turn
    history: HistoryPage = field(default_factory=HistoryPage)
    is_list_stale: bool = False  # the history's page has to be made anew, not before `list_due` (monotonic seconds)
    list_due: float = 0.0
    search: str = ""  # what the history is searched for
    deleted: tuple[str, str] = ("", "")  # the job that was thrown away last: its id and its prompt
    notices: dict[int, Notice] = field(default_factory=dict)  # scene's session_uid -> what Generate said
    setup_problem: str = ""
    stops_jobs: bool = False  # the preference, noted: on quitting, the preferences are gone first
    check: DoctorCheck | None = None
    diagnosis: Diagnosis | None = None
    installation: Installation | None = None
    has_runtime: bool = False  # an installed environment is there
    is_runtime_old: bool = False  # made for another version of the add-on, or another build of PyTorch
    torch: tuple[str, str] = ("", "")  # the version of the installed PyTorch and its build
    download: models.Download | None = None
    models: tuple[models.ModelRow, ...] = ()  # what the preferences list
    pump_error: str = ""
    language: str = ""  # in which the views are worded


state = SessionState()


def start() -> None:
    """Begins with nothing remembered. The preferences are read at the first tick: at start-up Blender's data is not there yet."""
    global state
    state = SessionState()


def stop() -> None:
    """Forgets everything. Running jobs go on, and enabling again finds them, unless the preferences say that they stop."""
    global state
    if state.check is not None:
        state.check.stop()
    if state.installation is not None:
        state.installation.cancel()
    if state.download is not None:
        state.download.cancel()
    if state.board is not None and state.stops_jobs:
        state.board.stop(also=state.arrivals)
    state = SessionState()


def preferences() -> Any:
    """The add-on's own preferences, None while it is not enabled."""
    addon = bpy.context.preferences.addons.get(__package__)
    return addon.preferences if addon else None


def apply_preferences() -> None:
    """Takes the backend's Python and the jobs folder from the preferences and says what is wrong with them."""
    found = preferences()
    chosen = bpy.path.abspath(found.python) if found else paths.default_python()
    installed = runtime.installed_python()
    state.has_runtime, state.torch = bool(installed), runtime.installed_torch()
    state.is_runtime_old = runtime.is_outdated(torch_build(), wheels())
    python = chosen or installed
    jobs = bpy.path.abspath(found.jobs_folder) if found else paths.default_jobs_folder()
    state.stops_jobs = found is not None and found.on_quit == "STOP"
    remote = remote_of(found)
    state.setup_problem = where_problem(remote, python) or paths.jobs_problem(jobs)
    if state.board is None:
        state.board = JobBoard(Path(jobs), python)
    else:
        state.board.use(Path(jobs), python)
    state.board.remote, state.board.is_online = remote, bpy.app.online_access
    state.board.environment = {models.MODELS_VARIABLE: str(models_folder())}
    look_at_models()


def torch_build() -> str:
    """The build of PyTorch that the preferences ask for."""
    found = preferences()
    return found.torch_build.lower() if found else AUTOMATIC


def wheels() -> str:
    """The folder of packages to install from, or nothing."""
    found = preferences()
    return bpy.path.abspath(found.wheels) if found and found.wheels else ""


def remote_of(found: Any) -> Remote | None:
    """The host of the preferences, None when jobs run on this computer."""
    if not found or not found.host or found.run_on != "REMOTE":
        return None
    given = {"folder": found.host_folder, "python": found.host_python, "jobs": found.host_jobs}
    return Remote(found.host.strip(), **{name: text.strip() for name, text in given.items()})


def where_problem(remote: Remote | None, python: str) -> str:
    """One sentence about what is wrong with the place where jobs shall run; empty when nothing is."""
    if remote is None:
        return paths.python_problem(python)
    return remote_problem(remote) or ("" if bpy.app.online_access else OFFLINE)


def models_folder() -> Path:
    found = preferences()
    return Path(bpy.path.abspath(found.models_folder)) if found and found.models_folder else default_models_folder()


def mirror() -> str:
    """The address of a mirror of the Hub, or nothing."""
    found = preferences()
    return found.mirror.strip() if found else ""


def prior_path(text: str) -> str:
    """What a job is told for the model that the panel names: a name stays, and `//` leads from the file."""
    text = text.strip()
    return bpy.path.abspath(text) if text.startswith("//") else text or "builtin"


def fit_question(settings: Any) -> tuple[str, str]:
    """The model and the preset of which it is a question whether they fit; two times nothing where it is none."""
    prior = prior_path(settings.prior)
    return ("", "") if prior == "builtin" else (prior, settings.preset)


def look_at_models() -> None:
    """Sees which models are on the disk."""
    state.models = models.rows(models_folder())


def setup_fixes() -> tuple[Action, ...]:
    """The buttons beside what is wrong with the set-up."""
    return (OPEN_PREFERENCES,) if board().python or board().remote else (INSTALL, OPEN_PREFERENCES)


def board() -> JobBoard:
    if state.board is None:
        apply_preferences()
    assert state.board is not None
    return state.board


def origin_of(scene: bpy.types.Scene) -> dict[str, object]:
    """Where the result shall arrive: this scene, at the cursor of now."""
    return {
        "client": "blender",
        "session": state.token,
        "scene": scene.name,
        "scene_uid": compat.session_uid(scene),
        "file": bpy.data.filepath,
        "cursor": [round(float(c), 6) for c in scene.cursor.location[:]],
    }


def find_scene(origin: dict[str, object]) -> bpy.types.Scene | None:
    """The scene that asked, or None when it is not in the open file: nothing is ever imported into another one."""
    if origin.get("session") == state.token:
        for scene in bpy.data.scenes:
            if compat.session_uid(scene) == origin.get("scene_uid"):
                return scene
    if origin.get("file") and origin.get("file") == bpy.data.filepath:
        return bpy.data.scenes.get(str(origin.get("scene", "")))
    return None
