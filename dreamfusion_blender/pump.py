"""The one timer: follows the jobs, prepares what the panel draws, lets results arrive.

A tick only reads new bytes and compares facts (under 2 ms); an import is a step of its own between two ticks.
"""

from __future__ import annotations

import time
import traceback

import bpy

from . import arrival, pictures, session
from .core.jobs import Job
from .core.present import Arrival, JobView, view_job

BUSY_INTERVAL_S = 0.1
IDLE_INTERVAL_S = 1.0

# Since the timer was started; imports not counted. On a busy machine the clock also counts other people's work.
worst_tick_s = 0.0
worst_tick_cpu_s = 0.0


def start() -> None:
    global worst_tick_s, worst_tick_cpu_s
    worst_tick_s = worst_tick_cpu_s = 0.0
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
            return BUSY_INTERVAL_S
        return BUSY_INTERVAL_S if tick() else IDLE_INTERVAL_S
    except Exception as error:
        text = f"{type(error).__name__}: {error}"
        if text != session.state.pump_error:  # told of once, not ten times a second
            session.state.pump_error = text
            traceback.print_exc()
        return IDLE_INTERVAL_S


def tick() -> bool:
    """One look at everything. True while something is going on that deserves another look soon."""
    global worst_tick_s, worst_tick_cpu_s
    started, started_cpu = time.perf_counter(), time.thread_time()
    state, board = session.state, session.board()
    board.tick()
    check_runs = state.check is not None and state.check.is_running
    if state.check is not None:
        diagnosis = state.check.poll()
        if diagnosis != state.diagnosis:
            state.diagnosis = diagnosis
            redraw(everything=True)
    refresh_views()
    worst_tick_s = max(worst_tick_s, time.perf_counter() - started)
    worst_tick_cpu_s = max(worst_tick_cpu_s, time.thread_time() - started_cpu)
    return check_runs or any(job.needs_watching for job in board.jobs.values())


def refresh_views() -> None:
    """Makes the views anew and redraws the panels if a fact has changed."""
    state = session.state
    for job in session.board().jobs.values():
        arrival.note_end(job)
    views = {job.id: _view(job) for job in session.board().newest_first()}
    if views == state.views:
        return
    state.views = views
    if not bpy.app.background:
        for job_id in state.current.values():
            if (view := views.get(job_id)) and view.preview:
                pictures.show(job_id, view.preview)
    redraw()


def _view(job: Job) -> JobView:
    state = session.state
    waited_s = time.monotonic() - job.asked_at if job.awaits_hello else 0.0
    return view_job(
        job.id,
        job.request.prompt,
        job.state,
        arrival=state.arrivals.get(job.id, Arrival.NOT_HERE),
        pause_asked=job.pause_asked,
        is_wanted=job.awaits_hello,
        waited_s=float(int(waited_s)),
        preview=str(job.preview_path or ""),
        import_error=state.import_errors.get(job.id, ""),
    )


def redraw(*, everything: bool = False) -> None:
    """Marks the 3D views (or all areas) to be drawn again."""
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            if everything or area.type == "VIEW_3D":
                for region in area.regions:
                    if everything or region.type == "UI":
                        region.tag_redraw()
