"""The one timer: follows the jobs, prepares what the panel draws, lets results arrive.

A step of the timer is one of three things: a tick, which reads new bytes and compares facts; the reading of one picture;
an import. The first two stay under 2 ms.
"""

from __future__ import annotations

import gc
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import bpy

from . import arrival, pictures, session
from .backend.jobs import states
from .core import history
from .core.job import Job
from .core.present import Arrival, JobView, view_job

BUSY_INTERVAL_S = 0.1
IDLE_INTERVAL_S = 1.0
SOON_S = 0.01
VIEWS_BUDGET_S = 0.0003  # of a tick; what is left waits for the next one
LIST_EVERY_S = 0.3  # while a thousand jobs are being looked at, the list is not made anew with each

# The longest step of each kind since the timer was started: (wall clock, this thread's processor time), seconds. On a busy
# machine the wall clock also counts other programs' work.
worst: dict[str, tuple[float, float]] = {}


@contextmanager
def _measured(kind: str) -> Iterator[None]:
    started, started_cpu = time.perf_counter(), time.thread_time()
    yield
    wall_s, cpu_s = worst.get(kind, (0.0, 0.0))
    took_s, took_cpu_s = time.perf_counter() - started, time.thread_time() - started_cpu
    worst[kind] = (max(wall_s, took_s), max(cpu_s, took_cpu_s))


def sweep() -> None:
    """Lets Python look through the objects made lately, so that no tick has to: after a registration or an import there
    are thousands, and the look (one or two milliseconds) falls to whoever makes the next object."""
    gc.collect(1)


def start() -> None:
    worst.clear()
    sweep()
    if not bpy.app.timers.is_registered(_on_timer):
        bpy.app.timers.register(_on_timer, first_interval=BUSY_INTERVAL_S, persistent=True)


def stop() -> None:
    if bpy.app.timers.is_registered(_on_timer):
        bpy.app.timers.unregister(_on_timer)


def _on_timer() -> float:
    """Never raises: Blender would drop the timer, and nothing would move any more."""
    try:
        if arrival.due():
            arrival.deliver_one()
            refresh_views()
            sweep()
            return BUSY_INTERVAL_S
        if show_new_picture():
            return SOON_S
        is_busy = tick()
        if session.board().has_undiscovered or session.state.stale:
            return SOON_S
        return BUSY_INTERVAL_S if is_busy else IDLE_INTERVAL_S
    except Exception as error:
        text = f"{type(error).__name__}: {error}"
        if text != session.state.pump_error:  # told of once, not ten times a second
            session.state.pump_error = text
            redraw()
            traceback.print_exc()
        return IDLE_INTERVAL_S


@_measured("tick")
def tick() -> bool:
    """One look at everything. True while something is going on that deserves another look soon."""
    state, board = session.state, session.board()
    if _is_list_due():  # has a tick of its own: with a thousand jobs it takes as long as everything else together
        list_history()
        redraw()
        return True
    if board.has_undiscovered:
        sweep()  # a few at a time
    board.tick()
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
            session.look_at_models()
        redraw(everything=True)
    refresh_views(lists=False)
    return fetches or installs or check_runs or board.is_busy or state.is_list_stale


def refresh_views(*, lists: bool = True) -> None:
    """Makes the views of what has changed anew, and redraws the panels if a fact has.

    Args:
        lists: the history as well, if that is due.
    """
    state, board = session.state, session.board()
    state.stale |= board.take_changed()
    if state.language != bpy.app.translations.locale:
        state.language = bpy.app.translations.locale
        state.stale.update(state.views)
    if not (state.stale or state.is_list_stale or state.arrivals or board.is_busy):
        return
    # What changes without an event: the wait for the backend, and whether Blender is free to take a mesh.
    soon = {job.id for job in board.active() if job.state.status == states.STARTING}
    soon.update(job_id for job_id, arrival_ in state.arrivals.items() if arrival_ is Arrival.WAITING)
    until = time.perf_counter() + VIEWS_BUDGET_S
    is_new = False
    for job_id in [*soon, *sorted(state.stale - soon, reverse=True)]:
        state.stale.discard(job_id)
        is_new |= _refresh(job_id)
        if time.perf_counter() > until:
            break
    if is_new:
        _show_next_of_finished()
        state.live = tuple(state.views[job.id] for job in board.active() if _is_live(job.id))
        redraw()
    if lists and _is_list_due():
        list_history()
        redraw()


def _is_list_due() -> bool:
    return session.state.is_list_stale and time.monotonic() >= session.state.list_due


def list_history() -> None:
    """The page of the history that the panel shows; called when ended jobs, the search or the page change."""
    state, board = session.state, session.board()
    live = {view.id for view in state.live}
    ended = [id for id in reversed(board.order) if id in state.views and id not in live]
    state.history = history.page_of(ended, state.views, state.search, state.history.number)
    state.is_list_stale, state.list_due = False, time.monotonic() + LIST_EVERY_S
    pictures.keep_only(live | {view.id for view in state.history.rows} | set(state.current.values()))


def show_page(number: int) -> None:
    """Turns the history to a page, or to the nearest one there is."""
    session.state.history = replace(session.state.history, number=number)
    list_history()
    redraw()


def _refresh(job_id: str) -> bool:
    """True if the job's view has changed and it is shown outside of the history, which is listed now and then."""
    state, job = session.state, session.board().jobs.get(job_id)
    before = state.views.get(job_id)
    if job is None or not job.is_known:
        state.views.pop(job_id, None)
        state.is_list_stale |= before is not None
        return before is not None
    arrival.note_end(job)
    if job_id not in state.met:
        state.met.add(job_id)
        arrival.adopt(job)
    view = _view(job)
    if view == before:
        return False
    state.views[job_id] = view
    was_live = before is not None and before.is_live
    state.is_list_stale |= not (view.is_live and was_live)
    return view.is_live or was_live or job_id in state.current.values()


def _is_live(job_id: str) -> bool:
    view = session.state.views.get(job_id)
    return view is not None and view.is_live


def _show_next_of_finished() -> None:
    """A panel whose job is done and in the scene turns to the next one of its scene, if one is under way."""
    state, board = session.state, session.board()
    for uid, shown in state.current.items():
        view = state.views.get(shown)
        if view is None or view.status != states.DONE or state.arrivals.get(shown) is Arrival.WAITING:
            continue
        for job in board.active():
            origin = arrival.origin_for(job)
            if _is_live(job.id) and origin.get("session") == state.token and origin.get("scene_uid") == uid:
                state.current[uid] = job.id
                break


@_measured("picture")
def show_new_picture() -> bool:
    """Reads one picture that a panel waits for. False when there is none."""
    if bpy.app.background:
        return False
    state = session.state
    current = (state.views.get(job_id) for job_id in state.current.values())
    for view in (*current, *state.live, *state.history.rows):
        if view is not None and view.preview and pictures.show(view.id, view.preview):
            redraw()
            return True
    return False


def _view(job: Job) -> JobView:
    waited_s = time.monotonic() - job.waiting_since if job.awaits_hello else 0.0
    return view_job(
        job.id,
        job.request,
        job.state,
        arrival=arrival.of(job),
        pause_asked=job.pause_requested,
        is_wanted=job.awaits_hello or bool(job.state.host),
        ahead=job.ahead,
        waited_s=float(int(waited_s)),
        preview=str(job.preview_path or ""),
        import_error=session.state.import_errors.get(job.id, ""),
    )


def redraw(*, everything: bool = False) -> None:
    """Marks the 3D views (or all areas) to be drawn again."""
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            if everything or area.type == "VIEW_3D":
                for region in area.regions:
                    if everything or region.type == "UI":
                        region.tag_redraw()
