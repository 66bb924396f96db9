"""Imports the meshes of finished jobs into the scenes that they were started from, with an undo step.

An import waits until Blender is in Object Mode and not rendering.
"""

from __future__ import annotations

import bpy

from . import compat, importer, session
from .backend.jobs import states
from .core import groups
from .core.job import Job
from .core.present import Arrival
from .stage import grouping


def expect(job_id: str) -> None:
    """Marks the mesh of this job for automatic import."""
    session.state.arrivals[job_id] = Arrival.PENDING
    session.state.import_errors.pop(job_id, None)
    session.state.stale_views.add(job_id)


def destination_of(job: Job) -> dict[str, object]:
    """Where the mesh is imported: where the job was started, or where it was resumed if that scene does not exist."""
    return session.state.destinations.get(job.id, dict(job.request.origin))


def reconnect(job: Job) -> None:
    """Connects an unfinished job of an earlier session to its scene, if that scene is in the open file.

    The panel of the scene shows the first such job. Other jobs of its group are marked for import too.
    """
    if job.state.status in (states.DONE, states.CANCELLED):
        return
    origin = destination_of(job)
    scene = session.find_scene(origin)
    if scene is None:
        return
    if compat.session_uid(scene) not in session.state.current:
        session.state.current[compat.session_uid(scene)] = job.id
        expect(job.id)
    elif groups.of(origin) is not None and job.id not in session.state.arrivals:
        _show_if_first(job, scene)
        expect(job.id)


def _show_if_first(job: Job, scene: bpy.types.Scene) -> None:
    """Shows the unfinished job of a list that comes first, whatever the order in which its jobs are found."""
    uid = compat.session_uid(scene)
    shown = session.board().jobs.get(session.state.current.get(uid, ""))
    if job.state.is_final or (shown is not None and groups.of(destination_of(shown)) is None):
        return
    if shown is None or shown.state.is_final or job.turn < shown.turn:
        session.state.current[uid] = job.id


def state_of(job: Job) -> Arrival:
    """Import state of the job's mesh."""
    arrival = session.state.arrivals.get(job.id, Arrival.NOT_IMPORTED)
    is_held = arrival is Arrival.PENDING and job.state.status == states.DONE and not is_blender_free()
    return Arrival.HELD if is_held else arrival


def forget_failed(job: Job) -> None:
    """Stops waiting for the mesh of a job that ended without one."""
    if job.state.is_final and job.state.status != states.DONE:
        session.state.arrivals.pop(job.id, None)


def due_jobs() -> list[Job]:
    """Finished jobs whose mesh can be imported now."""
    jobs = session.board().jobs
    expected = (id for id, arrival in session.state.arrivals.items() if arrival is Arrival.PENDING)
    waiting = [jobs[id] for id in expected if id in jobs and jobs[id].state.status == states.DONE]
    return waiting if waiting and is_blender_free() else []


def is_blender_free() -> bool:
    """Whether an import would not disturb the user: Object Mode, no render, no running modal operator of Blender."""
    if compat.is_busy():
        return False
    actives = [window.view_layer.objects.active for window in bpy.context.window_manager.windows]
    return all(obj is None or obj.mode == "OBJECT" for obj in actives)


def deliver_one() -> None:
    """Imports the first mesh that is due and pushes an undo step for it."""
    for job in due_jobs()[:1]:
        origin = destination_of(job)
        scene = session.find_scene(origin)
        if scene is None:
            session.state.arrivals[job.id] = Arrival.NOT_IMPORTED  # its file is closed; the history offers the import
            session.state.stale_views.add(job.id)
            continue
        place = importer.cursor_of(origin, scene)
        try:
            obj = deliver(job, scene, place)
        except importer.ImportFailed:
            continue  # `deliver` stored the error for the panel
        if (group := groups.of(origin)) is not None:
            grouping.add_to_group(obj, group, scene, place)
        push_undo(f"DreamFusion: {importer.name_for(job.request.prompt)}")


def deliver(job: Job, scene: bpy.types.Scene, location: tuple[float, float, float]) -> bpy.types.Object:
    """Imports a job's mesh into `scene`.

    Raises:
        importer.ImportFailed: The mesh cannot be imported. The panel shows the error too.
    """
    state = session.state
    state.stale_views.add(job.id)
    try:
        if job.mesh_path is None:
            raise importer.ImportFailed("The job has no mesh. Resume it, or generate the object again.")
        obj = importer.import_result(job.mesh_path, job.request, scene, location)
    except importer.ImportFailed as error:
        state.arrivals[job.id], state.import_errors[job.id] = Arrival.FAILED, str(error)
        raise
    state.arrivals[job.id] = Arrival.IMPORTED
    state.import_errors.pop(job.id, None)
    return obj


def push_undo(message: str) -> None:
    """Pushes an undo step. Without it, the next undo would revert the import together with the user's last action."""
    if bpy.app.background:
        return
    window = bpy.context.window_manager.windows[0]
    with bpy.context.temp_override(window=window):
        bpy.ops.ed.undo_push(message=message)
