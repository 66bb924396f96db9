"""How a finished job's mesh gets into the scene that asked for it: when Blender is free, with an undo step."""

from __future__ import annotations

import bpy

from . import compat, importer, session
from .backend.jobs import states
from .core import groups
from .core.job import Job
from .core.present import Arrival
from .stage import grouping


def expect(job_id: str) -> None:
    """The mesh of this job shall arrive by itself."""
    session.state.arrivals[job_id] = Arrival.WAITING
    session.state.import_errors.pop(job_id, None)
    session.state.stale.add(job_id)


def origin_for(job: Job) -> dict[str, object]:
    """Where the mesh shall arrive: where it was asked for, or where it was resumed when that scene is gone."""
    return session.state.landings.get(job.id, dict(job.request.origin))


def adopt(job: Job) -> None:
    """A job that is not done and that no panel shows: if its file and scene are open, they wait for it again, and for
    all the others of its group."""
    if job.state.status in (states.DONE, states.CANCELLED):
        return
    origin = origin_for(job)
    scene = session.find_scene(origin)
    if scene is None:
        return
    if compat.session_uid(scene) not in session.state.current:
        session.state.current[compat.session_uid(scene)] = job.id
        expect(job.id)
    elif groups.of(origin) is not None and job.id not in session.state.arrivals:
        expect(job.id)


def of(job: Job) -> Arrival:
    """What became of the job's mesh, for the panel."""
    arrival = session.state.arrivals.get(job.id, Arrival.NOT_HERE)
    is_held = arrival is Arrival.WAITING and job.state.status == states.DONE and not is_blender_free()
    return Arrival.HELD if is_held else arrival


def note_end(job: Job) -> None:
    """A job that ended without a mesh is waited for no longer; resuming it begins anew."""
    if job.state.is_final and job.state.status != states.DONE:
        session.state.arrivals.pop(job.id, None)


def due() -> list[Job]:
    """Finished jobs whose mesh can be imported now."""
    jobs = session.board().jobs
    expected = (id for id, arrival in session.state.arrivals.items() if arrival is Arrival.WAITING)
    waiting = [jobs[id] for id in expected if id in jobs and jobs[id].state.status == states.DONE]
    return waiting if waiting and is_blender_free() else []


def is_blender_free() -> bool:
    """Not in an edit mode, not rendering, nothing held with the mouse: an import would tear the user out of it."""
    if compat.is_busy():
        return False
    actives = [window.view_layer.objects.active for window in bpy.context.window_manager.windows]
    return all(obj is None or obj.mode == "OBJECT" for obj in actives)


def deliver_one() -> None:
    """Imports the first mesh that is due and pushes an undo step for it."""
    for job in due()[:1]:
        origin = origin_for(job)
        scene = session.find_scene(origin)
        if scene is None:
            session.state.arrivals[job.id] = Arrival.NOT_HERE  # its file is closed: the list offers the import
            session.state.stale.add(job.id)
            continue
        place = importer.cursor_of(origin, scene)
        try:
            obj = deliver(job, scene, place)
        except importer.ImportFailed:
            continue  # noted, and shown in the panel
        if (group := groups.of(origin)) is not None:
            grouping.join(obj, group, scene, place)
        push_undo(f"DreamFusion: {importer.name_for(job.request.prompt)}")


def deliver(job: Job, scene: bpy.types.Scene, location: tuple[float, float, float]) -> bpy.types.Object:
    """Imports a job's mesh into `scene`.

    Raises:
        importer.ImportFailed: it cannot be; the panel says so too.
    """
    state = session.state
    state.stale.add(job.id)
    try:
        if job.mesh_path is None:
            raise importer.ImportFailed("The job has made no mesh: resume it, or start it again.")
        obj = importer.import_result(job.mesh_path, job.request, scene, location)
    except importer.ImportFailed as error:
        state.arrivals[job.id], state.import_errors[job.id] = Arrival.FAILED, str(error)
        raise
    state.arrivals[job.id] = Arrival.HERE
    state.import_errors.pop(job.id, None)
    return obj


def push_undo(message: str) -> None:
    """A timer's changes need a step of their own, or the next undo takes them away with the user's last action."""
    if bpy.app.background:
        return
    window = bpy.context.window_manager.windows[0]
    with bpy.context.temp_override(window=window):
        bpy.ops.ed.undo_push(message=message)
