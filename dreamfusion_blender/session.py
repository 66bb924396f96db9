"""State of this session of Blender. It is never saved with the scene, because undo would rewind it.

Scenes are identified by `session_uid` and jobs by id. No references to Blender's data are kept.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import bpy

from . import compat, online
from .backend.catalog.found import Found, find_models, places
from .backend.install.torch_builds import AUTOMATIC
from .backend.jobs.remote import Remote
from .backend.jobs.remote import problem as remote_problem
from .backend.places import models_folder as default_models_folder
from .core import models, paths, real_sizes, runtime
from .core.actions import INSTALL, OPEN_PREFERENCES, Action
from .core.arrival_states import Arrival
from .core.doctor import Diagnosis, DoctorCheck
from .core.history import HistoryPage
from .core.jobs import JobBoard
from .core.model_check import ModelCheck
from .core.present import JobView, Message
from .core.queue import QueueView
from .core.runtime import Installation
from .core.tally import Tallies
from .core.translate import tr
from .stage import bounds

PACKAGE = __package__  # the name of the add-on in Blender
SEARCH_S = 0.5  # for models of other programs, on the main thread


@dataclass
class ObjectSearch:
    """A search for imported objects that continues in the next tick, see `presence`."""

    scene: int = 0  # index
    start: int = 0  # index of the next object
    found: set[str] = field(default_factory=set)


@dataclass
class SessionState:
    """Everything that the add-on stores between two ticks."""

    token: str = field(default_factory=lambda: secrets.token_hex(8))  # identifies this session in job.json
    board: JobBoard | None = None
    current: dict[int, str] = field(default_factory=dict)  # session_uid of a scene -> the job that its panel shows
    arrivals: dict[str, Arrival] = field(default_factory=dict)  # only PENDING and FAILED
    due: dict[str, float] = field(
        default_factory=dict
    )  # jobs that are done and PENDING -> since when, monotonic seconds
    destinations: dict[str, dict[str, object]] = field(default_factory=dict)  # replace the origin of a request
    import_errors: dict[str, str] = field(default_factory=dict)
    imported: set[str] = field(default_factory=set)  # jobs that have an object in the open file, see `presence`
    has_changed_objects: bool = True
    search_of_objects: ObjectSearch | None = None  # the running search
    next_search: float = 0.0  # monotonic seconds
    reconnected: dict[int, dict[str, bool]] = field(default_factory=dict)  # session_uid of a scene -> job -> is done
    newest_seen: dict[int, str] = field(default_factory=dict)  # session_uid of a scene -> its newest job that was seen
    scenes_to_choose: set[int] = field(default_factory=set)  # scenes whose shown job must be chosen again
    choice_due: float = 0.0  # monotonic seconds
    unseen: dict[int, Message] = field(default_factory=dict)  # session_uid of a scene -> the message about unseen jobs
    dismissed: set[str] = field(default_factory=set)  # unseen jobs that are not offered any more
    file_saved_at: float | None = None  # when the open file was saved before it was opened, seconds since the epoch
    discovered: set[str] = field(default_factory=set)  # jobs that were matched to the scenes of the open file
    stale_views: set[str] = field(default_factory=set)  # jobs whose view must be updated
    views_wait: bool = False  # the last tick left no time for views
    refreshing: dict[str, None] = field(default_factory=dict)  # the same in the order in which they are updated
    views: dict[str, JobView] = field(default_factory=dict)  # what the panels draw
    live: tuple[JobView, ...] = ()  # jobs that run or are the first to run, in queue order
    queue: QueueView = field(default_factory=QueueView)
    tallies: Tallies = field(default_factory=Tallies)
    toggled_lists: set[str] = field(default_factory=set)  # lists that the user has opened or folded
    rows_key: tuple[object, ...] = ()  # what the rows of the queue depend on
    advanced_at: dict[int, tuple[str, int]] = field(default_factory=dict)  # session_uid -> job and version, see `pump`
    chosen: dict[int, str] = field(default_factory=dict)  # session_uid -> ended job that the user chose to see
    history: HistoryPage = field(default_factory=HistoryPage)
    is_history_stale: bool = False  # the page of the history must be updated, but not before `history_due`
    history_due: float = 0.0  # monotonic seconds
    search: str = ""  # search text of the history
    deleted: tuple[str, str] = ("", "")  # id and prompt of the last deleted job
    messages: dict[int, Message] = field(default_factory=dict)  # session_uid of a scene -> the message in its panel
    setup_problem: str = ""
    has_object: bool = False  # a job of this jobs folder has made an object
    stops_jobs: bool = False  # copy of the preference: at exit, Blender removes the preferences first
    check: DoctorCheck | None = None
    diagnosis: Diagnosis | None = None
    installation: Installation | None = None
    has_runtime: bool = False  # an environment is installed
    is_runtime_old: bool = False  # of another version of the add-on or another build of PyTorch
    torch: tuple[str, str] = ("", "")  # version and build of the installed PyTorch
    download: models.Download | None = None
    model_check: ModelCheck | None = None
    found: tuple[Found, ...] = ()  # models of other programs
    models: tuple[models.ModelRow, ...] = ()  # the list in the preferences
    pump_error: str = ""
    language: str = ""  # of the texts in the views


state = SessionState()


def start() -> None:
    """Resets the state. The first tick reads the preferences, because Blender's data is not available during startup."""
    global state
    state = SessionState()


def stop() -> None:
    """Ends the session. Running jobs continue, unless the preferences are set to stop them."""
    global state
    if state.check is not None:
        state.check.stop()
    if state.installation is not None:
        state.installation.cancel()
    if state.download is not None:
        state.download.cancel()
    if state.model_check is not None:
        state.model_check.cancel()
    if state.board is not None:
        state.board.workers.end_idle()
        if state.stops_jobs:
            state.board.stop(also=state.arrivals)
    state = SessionState()


def preferences() -> Any:
    """The add-on's preferences, or None while it is disabled."""
    addon = bpy.context.preferences.addons.get(PACKAGE)
    return addon.preferences if addon else None


def apply_preferences() -> None:
    """Applies the preferences to the board and updates `setup_problem`."""
    found = preferences()
    chosen = bpy.path.abspath(found.python) if found else paths.default_python()
    installed = runtime.installed_python()
    state.has_runtime, state.torch = bool(installed), runtime.installed_torch()
    state.is_runtime_old = runtime.is_outdated(torch_build(), wheels())
    python = chosen or installed
    jobs = bpy.path.abspath(found.jobs_folder) if found else paths.default_jobs_folder()
    state.stops_jobs = found is not None and found.on_quit == "STOP"
    host = host_of(found)
    remote = host if found and found.run_on == "REMOTE" else None
    state.setup_problem = location_problem(remote, python) or paths.jobs_problem(jobs)
    earlier = state.board.workers.python if state.board else python
    if state.board is None:
        state.board = JobBoard(Path(jobs), python)
    else:
        state.board.use(Path(jobs), python)
    state.board.remote, workers = remote, state.board.workers
    workers.is_online = bpy.app.online_access
    if host is not None:
        workers.hosts.add(host)
    workers.offline_problem = offline_problem()
    environment = {models.MODELS_VARIABLE: str(models_folder())}
    keep_minutes = found.keep_worker if found else 0
    if (python, environment, keep_minutes) != (earlier, workers.environment, workers.keep_minutes):
        workers.end_idle()  # they have the former values
    workers.environment, workers.keep_minutes = environment, keep_minutes
    refresh_models()


def torch_build() -> str:
    """The build of PyTorch chosen in the preferences."""
    found = preferences()
    return found.torch_build.lower() if found else AUTOMATIC


def wheels() -> str:
    """The folder of wheels to install from, or an empty string."""
    found = preferences()
    return bpy.path.abspath(found.wheels) if found and found.wheels else ""


def host_of(found: Any) -> Remote | None:
    """The remote host in the preferences, whether or not new jobs run on it. None without one."""
    if not found or not found.host:
        return None
    given = {"folder": found.host_folder, "python": found.host_python, "jobs": found.host_jobs}
    return Remote(found.host.strip(), **{name: text.strip() for name, text in given.items()})


def location_problem(remote: Remote | None, python: str) -> str:
    """Why jobs cannot run on the remote host or on this computer. Empty if they can."""
    if remote is None:
        return paths.python_problem(python)
    return remote_problem(remote) or offline_problem()


def offline_problem() -> str:
    """Why jobs cannot run on a remote host. Empty if Blender may use the network."""
    return online.problem(tr("To run jobs on this computer, set Run On to This Computer."))


def install_problem() -> str:
    """Why the backend cannot be installed: neither from the network nor from a folder. Empty if it can."""
    return "" if wheels() else online.problem(tr("To install without a network, set Offline Packages."))


def python_for_installation() -> str:
    """The Python that the user chose for the installation, or an empty string."""
    found = preferences()
    return bpy.path.abspath(found.install_python) if found and found.install_python else ""


def is_installing() -> bool:
    return state.installation is not None and state.installation.is_running


def needs_backend() -> bool:
    """Whether jobs run on this computer and no backend is installed or chosen."""
    return not (board().workers.python or board().remote)


def models_folder() -> Path:
    found = preferences()
    return Path(bpy.path.abspath(found.models_folder)) if found and found.models_folder else default_models_folder()


def mirror() -> str:
    """The URL of a mirror of the Hub, or an empty string."""
    found = preferences()
    return found.mirror.strip() if found else ""


def prior_path(text: str) -> str:
    """The model for a request. Resolves paths that start with `//` relative to the open file."""
    text = text.strip()
    return bpy.path.abspath(text) if text.startswith("//") else text or "builtin"


def model_to_check(settings: Any) -> tuple[str, str]:
    """Model and preset whose memory can be checked. Empty strings for the built-in model, which always fits."""
    prior = prior_path(settings.prior)
    return ("", "") if prior == "builtin" else (prior, settings.preset)


def runs_remotely() -> bool:
    """Whether new jobs run on a remote host."""
    return state.board is not None and state.board.remote is not None


def refresh_models() -> None:
    """Updates the list of models from the disk."""
    state.models = models.rows(models_folder())
    state.found = tuple(find_models(places(), SEARCH_S))


def setup_fixes() -> tuple[Action, ...]:
    """Buttons for a problem with the setup."""
    if board().remote and offline_problem():
        return online.fixes()
    return (INSTALL, OPEN_PREFERENCES) if needs_backend() else (OPEN_PREFERENCES,)


def end_idle_workers() -> None:
    """Lets workers without jobs end before the environment changes: on Windows, files in use cannot be replaced."""
    if state.board is not None:
        state.board.workers.end_idle(patience_s=1.0)


def board() -> JobBoard:
    if state.board is None:
        apply_preferences()
    assert state.board is not None
    return state.board


def origin_of(scene: bpy.types.Scene) -> dict[str, object]:
    """Where the result is imported: this scene, at the current 3D cursor and in the chosen size."""
    settings: Any = scene.dreamfusion  # type: ignore[attr-defined]
    return {
        "client": "blender",
        "session": state.token,
        "scene": scene.name,
        "scene_uid": compat.session_uid(scene),
        "file": bpy.data.filepath,
        "cursor": [round(float(c), 6) for c in scene.cursor.location[:]],
        **real_sizes.as_origin(settings.size, settings.length * bounds.meters_per_unit(scene)),
    }


def show_job(scene: bpy.types.Scene, job_id: str) -> None:
    """Shows a job that the user has chosen in the panel of the scene. An ended job stays there while others run."""
    uid, view = compat.session_uid(scene), state.views.get(job_id)
    state.current[uid] = job_id
    state.chosen[uid] = job_id if view is not None and not view.is_live else ""


def find_scene(origin: dict[str, object]) -> bpy.types.Scene | None:
    """The scene that a job was started from, or None if it is not in the open file. Never another scene."""
    if origin.get("session") == state.token:
        for scene in bpy.data.scenes:
            if compat.session_uid(scene) == origin.get("scene_uid"):
                return scene
    if origin.get("file") and origin.get("file") == bpy.data.filepath:
        return bpy.data.scenes.get(str(origin.get("scene", "")))
    return None
