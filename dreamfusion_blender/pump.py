"""The one timer: follows the jobs, prepares what the panel draws, lets results arrive.

A step of the timer is one of three things: a tick, which reads new bytes and compares facts; the reading of one picture;
an import. The first two stay under 2 ms.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import bpy

from . import arrival, pictures, session
from .core.job import Job
from .core.present import JobView, view_job

BUSY_INTERVAL_S = 0.1
IDLE_INTERVAL_S = 1.0
SOON_S = 0.01

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


def start() -> None:
    worst.clear()
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
        if show_new_picture():
            return SOON_S
        return BUSY_INTERVAL_S if tick() else IDLE_INTERVAL_S
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
    board.tick()
    check_runs = state.check is not None and state.check.is_running
    if state.check is not None:
        diagnosis = state.check.poll()
        if diagnosis != state.diagnosis:
            state.diagnosis = diagnosis
            redraw(everything=True)
    refresh_views()
    return check_runs or any(job.needs_watching for job in board.jobs.values())


def refresh_views() -> None:
    """Makes the views anew and redraws the panels if a fact has changed."""
    state = session.state
    for job in session.board().jobs.values():
        arrival.note_end(job)
        if job.is_known and job.id not in state.met:
            state.met.add(job.id)
            arrival.adopt(job)
    views = {job.id: _view(job) for job in session.board().newest_first()}
    if views == state.views:
        return
    state.views = views
    redraw()


@_measured("picture")
def show_new_picture() -> bool:
    """Reads one picture that a panel waits for. False when there is none."""
    if bpy.app.background:
        return False
    for job_id in session.state.current.values():
        view = session.state.views.get(job_id)
        if view is not None and view.preview and pictures.show(job_id, view.preview):
            redraw()
            return True
    return False


def _view(job: Job) -> JobView:
    state = session.state
    waited_s = time.monotonic() - job.asked_at if job.awaits_hello else 0.0
    return view_job(
        job.id,
        job.request.prompt,
        job.state,
        arrival=arrival.of(job),
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
