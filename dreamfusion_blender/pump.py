"""The timer: follows the jobs, updates the views that the panels draw, and imports results.

Each call of the timer does one of three things: a tick, which reads new events and updates views; loading one preview
image; or importing one mesh. The first two take less than 2 ms.
"""

from __future__ import annotations

import gc
import os
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import bpy

from . import arrival, pictures, presence, queue_list, reopened, session
from .backend.jobs import states
from .core import history
from .core.arrival_states import Arrival
from .core.job import Job
from .core.present import JobView, Message, view_job
from .core.translate import tr

BUSY_INTERVAL_S = 0.1
IDLE_INTERVAL_S = 1.0
SOON_S = 0.001  # Blender calls timers every 5 ms at most
VIEWS_BUDGET_S = 0.0004  # of updating views; the remaining ones follow in the next tick
TICK_BUDGET_S = 0.0015  # of a tick that opens jobs
MANY, MANY_BUDGET_S = 100, 0.0012  # jobs that have not ended, and the budget from there on: their times differ more
# Limits updates of the history, and of the jobs that the panels show, while many jobs are discovered.
HISTORY_INTERVAL_S = CHOICE_INTERVAL_S = 0.5

# The longest call of each kind since the timer was started: (wall clock, processor time of this thread), seconds. The wall
# clock also includes other programs.
worst: dict[str, tuple[float, float]] = {}


@contextmanager
def _collecting_later() -> Iterator[None]:
    """A garbage collection that Python starts on its own takes milliseconds and waits until after this."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


@contextmanager
def _measured(kind: str) -> Iterator[None]:
    """Measures a call."""
    started, started_cpu = time.perf_counter(), time.thread_time()
    try:
        with _collecting_later():
            yield
    finally:
        took_s, took_cpu_s = time.perf_counter() - started, time.thread_time() - started_cpu
        wall_s, cpu_s = worst.get(kind, (0.0, 0.0))
        worst[kind] = (max(wall_s, took_s), max(cpu_s, took_cpu_s))


def collect_garbage() -> None:
    """Runs Python's garbage collection of young objects outside of a tick.

    After a registration or an import there are thousands of them, and a collection takes one or two milliseconds.
    """
    gc.collect(1)


def start() -> None:
    worst.clear()
    collect_garbage()
    if not bpy.app.timers.is_registered(_on_timer):
        bpy.app.timers.register(_on_timer, first_interval=BUSY_INTERVAL_S, persistent=True)


def stop() -> None:
    if bpy.app.timers.is_registered(_on_timer):
        bpy.app.timers.unregister(_on_timer)


@_collecting_later()
def _on_timer() -> float:
    """Never raises, because Blender would remove the timer."""
    try:
        if session.state.board is None:  # reads the preferences, which takes as long as a tick
            session.board()
            return SOON_S
        if arrival.due_jobs():
            arrival.deliver_one()
            refresh_views()
            collect_garbage()
            return BUSY_INTERVAL_S
        if load_next_preview():
            return SOON_S
        is_busy = tick()
        state = session.state
        if session.board().has_undiscovered or state.stale_views or state.scenes_to_choose or presence.is_searching():
            return SOON_S
        return BUSY_INTERVAL_S if is_busy else IDLE_INTERVAL_S
    except Exception as error:
        text = f"{type(error).__name__}: {error}"
        if text != session.state.pump_error:  # report an error once, not ten times a second
            session.state.pump_error = text
            redraw()
            traceback.print_exc()
        return IDLE_INTERVAL_S


@_measured("tick")
def tick() -> bool:
    """Updates everything once. Returns True if the next tick should follow soon."""
    state, board = session.state, session.board()
    has_many = len(board.active()) >= MANY
    until = time.perf_counter() + (MANY_BUDGET_S if has_many else TICK_BUDGET_S)
    if _is_history_due():  # in its own tick: with a thousand jobs it takes as long as everything else together
        list_history()
        redraw()
        return True
    is_catching_up = board.has_undiscovered or bool(state.refreshing)
    if is_catching_up:
        collect_garbage()
        if time.monotonic() >= state.choice_due:  # in its own tick, too
            state.choice_due = time.monotonic() + CHOICE_INTERVAL_S
            if reopened.update():
                _update_panels()
            if state.reconnected:
                return True
    if presence.search_some():  # in its own tick: with ten thousand objects it takes longer than everything else
        return True
    discovers = board.has_undiscovered
    if discovers and not board.follows_next:  # first, so that the views of the jobs that are opened do not pile up
        refresh_views(with_history=False, with_choice=False, until=until - VIEWS_BUDGET_S)
    board.tick((*state.current.values(), *(view.id for view in state.history.rows)), until)
    if board.workers.is_online != bpy.app.online_access:  # changed in Blender's preferences
        session.apply_preferences()
        redraw(everything=True)
    check_runs = state.check is not None and state.check.is_running
    if state.check is not None:
        diagnosis = state.check.poll()
        if diagnosis != state.diagnosis:
            state.diagnosis = diagnosis
            redraw(everything=True)
    installs = state.installation is not None and state.installation.is_running
    if installs and state.installation.progress != state.installation.poll():
        if not state.installation.is_running:
            session.apply_preferences()
        redraw(everything=True)
    fetches = state.download is not None and state.download.is_running
    if fetches and state.download.progress != state.download.poll():
        if not state.download.is_running:
            session.refresh_models()
        redraw(everything=True)
    examines = state.model_check is not None and state.model_check.is_running
    if examines and state.model_check.progress != state.model_check.poll():
        redraw(everything=True)
    if not discovers:
        if time.perf_counter() >= until and not state.views_wait:
            state.views_wait = True
            return True
        state.views_wait = False
        refresh_views(with_history=False, with_choice=not is_catching_up)
    return fetches or installs or examines or check_runs or board.is_busy or state.is_history_stale


def is_shown(job_id: str) -> bool:
    """Whether the view of a job exists and shows all that the board knows. A tick may leave views to the next one."""
    state = session.state
    state.stale_views |= session.board().take_changed()
    return job_id in state.views and job_id not in state.stale_views


def discover(job_id: str) -> None:
    """Opens job folders until the job is known or none is left, for scripts that use a job before the timer has found it."""
    board = session.board()
    if job_id not in board.jobs:
        tick()
    while job_id not in board.jobs and board.has_undiscovered:
        tick()


def refresh_views(*, with_history: bool = True, with_choice: bool = True, until: float | None = None) -> None:
    """Updates the views of changed jobs and redraws the panels if a view has changed.

    Args:
        with_history: Also updates the history if it is due.
        with_choice: Also updates which jobs the panels show, unless folders are left to open.
        until: End of the time budget, in seconds of `time.perf_counter`. At least one view is updated. None: a usual budget.
    """
    until = time.perf_counter() + VIEWS_BUDGET_S if until is None else until
    state, board = session.state, session.board()
    state.stale_views |= board.take_changed()
    if state.language != bpy.app.translations.locale:
        state.language = bpy.app.translations.locale
        state.stale_views.update(state.views)
    if not (state.stale_views or state.scenes_to_choose or state.is_history_stale or state.due or board.is_busy):
        return
    # These change without an event: the waiting time for the backend, whether Blender can import a mesh, and the place in the queue.
    soon = [job.id for job in board.awake() if job.state.status == states.STARTING]
    soon += [*state.due, *(job_id for job_id in state.current.values() if job_id in board.jobs)]
    # Each job waits for its turn, so that jobs that change all the time do not keep the others from being updated.
    new = sorted(state.stale_views.difference(state.refreshing), reverse=True)
    state.refreshing.update(dict.fromkeys((*new, *soon)))
    has_changed = False
    for job_id in [*state.refreshing]:
        del state.refreshing[job_id]
        state.stale_views.discard(job_id)
        has_changed |= _refresh(job_id)
        if time.perf_counter() >= until:
            break
    if with_choice and not board.has_undiscovered:
        has_changed |= reopened.update()
    if has_changed:
        _update_panels()
    if with_history and _is_history_due():
        list_history()
        redraw()


def _update_panels() -> None:
    """Updates what the panels show outside of the history."""
    state = session.state
    _advance_panels()
    state.live = tuple(state.views[job.id] for job in session.board().awake() if _is_live(job.id))
    queue_list.update()
    redraw()


def _is_history_due() -> bool:
    return session.state.is_history_stale and time.monotonic() >= session.state.history_due


def list_history() -> None:
    """Updates the page of the history that the panel shows, after ended jobs, the search or the page have changed."""
    state, board = session.state, session.board()
    views, live = state.views, {view.id for view in state.live}
    ended = [id for id in reversed(board.order) if id in views and not views[id].is_live]
    state.history = history.page_of(ended, state.views, state.search, state.history.number)
    state.is_history_stale, state.history_due = False, time.monotonic() + HISTORY_INTERVAL_S
    pictures.keep_only(live | {view.id for view in state.history.rows} | set(state.current.values()))


def show_page(number: int) -> None:
    """Shows a page of the history, or the nearest existing one."""
    session.state.history = replace(session.state.history, number=number)
    list_history()
    redraw()


def _refresh(job_id: str) -> bool:
    """Updates the view of a job. Returns True if it has changed and a panel shows it outside of the history."""
    state, job = session.state, session.board().jobs.get(job_id)
    before = state.views.get(job_id)
    if job is None or not job.is_known:
        state.views.pop(job_id, None)
        state.due.pop(job_id, None)
        if before is not None:
            state.tallies.drop(before)
        if before is not None and before.is_live:
            _report_deleted(before)
        state.is_history_stale |= before is not None
        return before is not None
    arrival.forget_failed(job)
    if job_id not in state.discovered:
        state.discovered.add(job_id)
        reopened.reconnect(job)
    if job.state.status == states.DONE and state.arrivals.get(job_id) is Arrival.PENDING:
        state.due.setdefault(job_id, time.monotonic())
    else:
        state.due.pop(job_id, None)
    view = _view(job)
    if view == before:
        return False
    state.views[job_id] = view
    state.tallies.put(view)
    state.has_object |= view.status == states.DONE
    was_live = before is not None and before.is_live
    if was_live and view.status in (states.FAILED, states.DIED):
        reopened.choose_after(job_id)
    state.is_history_stale |= not (view.is_live and was_live)
    return view.is_live or was_live or job_id in state.current.values() or view.group in state.queue.groups


def _report_deleted(view: JobView) -> None:
    """Someone has deleted the folder of a job that had not ended."""
    session.state.arrivals.pop(view.id, None)
    text = tr('The folder of "{name}" was deleted. Generate the object again.').format(name=view.name)
    for uid, shown in session.state.current.items():
        if shown == view.id:
            session.state.messages[uid] = Message(text)


def _is_live(job_id: str) -> bool:
    view = session.state.views.get(job_id)
    return view is not None and view.is_live


def _advance_panels() -> None:
    """Panels whose job is done and imported show the next live job of their scene."""
    state, board = session.state, session.board()
    for uid, shown in state.current.items():
        view = state.views.get(shown)
        if view is None or view.status != states.DONE or state.arrivals.get(shown) is Arrival.PENDING:
            continue
        # With thousands of jobs, the search takes as long as everything else together.
        if state.chosen.get(uid) == shown or state.advanced_at.get(uid) == (shown, board.version):
            continue
        state.advanced_at[uid] = (shown, board.version)
        for job in board.active():
            origin = arrival.destination_of(job)
            if origin.get("session") == state.token and origin.get("scene_uid") == uid and _is_live(job.id):
                state.current[uid] = job.id
                break


@_measured("picture")
def load_next_preview() -> bool:
    """Loads one preview image for the panels. Returns False if all are loaded."""
    if bpy.app.background:
        return False
    state = session.state
    jobs, shown = (
        session.board().jobs,
        (*state.current.values(), *(view.id for view in (*state.live, *state.history.rows))),
    )
    for job in (jobs[job_id] for job_id in shown if job_id in jobs):
        if job.state.preview and (path := job.preview_path) and pictures.show(job.id, str(path)):
            redraw()
            return True
    return False


def _view(job: Job) -> JobView:
    waited_s = time.monotonic() - job.waiting_since if job.awaits_hello else 0.0
    # The number changes with every job that ends. Nobody sees it of a job that rests, unless a panel shows the job.
    is_shown_job = job.id in session.state.current.values()
    ahead = session.board().ahead_of(job) if is_shown_job else 0 if job.rests else job.ahead
    return view_job(
        job.id,
        job.request,
        job.state,
        arrival=arrival.state_of(job),
        is_pausing=not job.state.is_final and job.pause_requested,
        is_attended=job.awaits_hello or bool(job.state.host),
        ahead=ahead,
        waited_s=float(int(waited_s)),
        preview=f"{job.path}{os.sep}{job.state.preview}" if job.state.preview else "",
        import_error=session.state.import_errors.get(job.id, ""),
        can_move=job.can_move,
    )


def redraw(*, everything: bool = False) -> None:
    """Tags the 3D Viewport sidebars (or all regions) for redraw."""
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            if everything or area.type == "VIEW_3D":
                for region in area.regions:
                    if everything or region.type == "UI":
                        region.tag_redraw()
