"""Imports the meshes of finished jobs into the scenes that they were started from.

An import waits until Blender is in Object Mode and not rendering. The operator `dreamfusion.arrive` does it, so that Blender
registers it as the last operation: otherwise Adjust Last Operation would undo the import and repeat only the user's last action.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence

import bpy

from . import cleanup, compat, importer, presence, session
from .backend.jobs import states
from .changing import apply as change
from .core.actions import import_fixes
from .core.arrival_states import Arrival
from .core.groups import Group
from .core.job import Job
from .core.present import Message
from .core.translate import tr
from .stage import grouping
from .stage.surroundings import view_layer_of
from .starting import place
from .texturing import apply


def expect(job_id: str) -> None:
    """Marks the mesh of this job for automatic import."""
    session.state.arrivals[job_id] = Arrival.PENDING
    session.state.import_errors.pop(job_id, None)
    session.state.stale_views.add(job_id)


def destination_of(job: Job) -> dict[str, object]:
    """Where the mesh is imported: where the job was started, or where it was resumed if that scene does not exist."""
    return session.state.destinations.get(job.id, dict(job.request.origin))


def scene_of(job: Job) -> bpy.types.Scene | None:
    """The scene that the mesh is imported into, or None if it is not in the open file."""
    return session.find_scene(destination_of(job))


def state_of(job: Job) -> Arrival:
    """Import state of the job's mesh."""
    waiting = session.state.arrivals.get(job.id)
    if waiting is Arrival.PENDING:
        if job.state.status != states.DONE or is_blender_free():
            return Arrival.PENDING
        return Arrival.BUSY if compat.is_busy() else Arrival.HELD
    if waiting is not None:
        return waiting
    return Arrival.IMPORTED if job.id in session.state.imported else Arrival.NOT_IMPORTED


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
    """Imports the first mesh that is due, as one operation with an undo step. Never raises and never tries twice."""
    for job in due_jobs()[:1]:
        session.state.stale_views.add(job.id)
        scene = scene_of(job)
        if scene is None:
            del session.state.arrivals[job.id]  # its file is closed; it is offered when the file is open again
            continue
        found = session.preferences()
        point, select = importer.cursor_of(destination_of(job), scene), found is None or found.select_new
        try:
            with bpy.context.temp_override(**compat.view_of(scene)):
                # Without a window, Blender crashes when it pushes the first undo step.
                has_undo, operators = not bpy.app.background, bpy.ops.dreamfusion  # type: ignore[attr-defined]
                if job.request.mode == "texture":
                    operators.arrive_texture("EXEC_DEFAULT", has_undo, job=job.id)
                elif job.request.mode == "change":
                    operators.arrive_change("EXEC_DEFAULT", has_undo, job=job.id)
                elif is_start(job):
                    hides = place.hides_originals(job)
                    operators.arrive("EXEC_DEFAULT", has_undo, job=job.id, hide_originals=hides, select=select)
                else:
                    operators.arrive("EXEC_DEFAULT", has_undo, job=job.id, location=point, select=select)
        except Exception as error:
            _fail(job, _reason_of(error))
        if session.state.arrivals.get(job.id) is Arrival.PENDING:  # Blender did not run the operator
            _fail(job, tr("Blender refused the import. Click Import Again."))


def deliver(
    job: Job, scene: bpy.types.Scene, location: Sequence[float], *, group: Group | None = None, select: bool = True
) -> bpy.types.Object:
    """Imports a job's mesh into `scene` and lays out its group. If that fails, nothing in the file changes.

    Args:
        location: World position of the object, or the center of its group.
        group: The group that the object joins.
        select: Selects only the object.

    Raises:
        importer.ImportFailed: The mesh cannot be imported. The panel shows the error too.
    """

    def make() -> bpy.types.Object:
        if job.mesh_path is None:
            raise importer.ImportFailed(tr("The job has no mesh. Resume it, or generate the object again."))
        obj = importer.import_result(job.mesh_path, job.request, scene, location, select=select)
        if group is not None:
            grouping.add_to_group(obj, group, scene, location)
        return obj

    return _all_or_nothing(job, scene, make)


def is_start(job: Job) -> bool:
    """Whether the job starts from objects. Its result stands in their place."""
    return job.request.mode == "start"


def deliver_in_place(
    job: Job, scene: bpy.types.Scene, *, hide_originals: bool, select: bool = True
) -> bpy.types.Object:
    """Imports a job's mesh where the objects stood that it started from. If that fails, nothing in the file changes.

    Raises:
        importer.ImportFailed: The mesh cannot be imported. The panel shows the error too.
    """
    return _all_or_nothing(
        job, scene, lambda: place.import_in_place(job, scene, hide_originals=hide_originals, select=select)
    )


def deliver_texture(job: Job, scene: bpy.types.Scene, *, use_words: bool = True) -> bpy.types.Object:
    """Puts the texture of a job on its object. If that fails, nothing in the file changes.

    Args:
        use_words: See `apply.apply_texture`.

    Raises:
        importer.ImportFailed: The object has changed, or the texture is missing. The panel shows the error too.
    """
    return _all_or_nothing(job, scene, lambda: apply.apply_texture(job, scene, use_words=use_words))


def deliver_change(job: Job, scene: bpy.types.Scene) -> bpy.types.Object:
    """Puts the new version of an object in its place. If that fails, nothing in the file changes.

    Raises:
        importer.ImportFailed: The object has changed, or the mesh is missing. The panel shows the error too.
    """
    return _all_or_nothing(job, scene, lambda: change.apply_change(job, scene))


def deliver_copy(job: Job, scene: bpy.types.Scene, *, select: bool = True) -> bpy.types.Object:
    """Imports what a job has painted or changed as another object, where its object stood. If that fails, nothing changes.

    Raises:
        importer.ImportFailed: The mesh cannot be imported. The panel shows the error too.
    """
    make = change.import_changed if job.request.mode == "change" else apply.import_painted
    return _all_or_nothing(job, scene, lambda: make(job, scene, select=select))


def _all_or_nothing(job: Job, scene: bpy.types.Scene, make: Callable[[], bpy.types.Object]) -> bpy.types.Object:
    state = session.state
    try:
        with cleanup.all_or_nothing(view_layer_of(scene)):
            obj = make()
    except Exception as error:
        reason = _reason_of(error)
        _fail(job, reason)
        raise importer.ImportFailed(reason) from error
    state.stale_views.add(job.id)
    state.arrivals.pop(job.id, None)
    state.import_errors.pop(job.id, None)
    state.messages = {uid: message for uid, message in state.messages.items() if message.job != job.id}
    presence.add(job.id)
    return obj


def _reason_of(error: Exception) -> str:
    """A sentence for the user. Unexpected errors are printed to the console."""
    if isinstance(error, importer.ImportFailed):
        return str(error)
    traceback.print_exception(error)
    text = tr("The object cannot be imported ({reason}). Click Import Again.")
    return text.format(reason=importer.last_line(error))


def _fail(job: Job, reason: str) -> None:
    """Stores the error for the panel, in a message if the panel shows another job."""
    state, scene = session.state, scene_of(job)
    state.arrivals[job.id], state.import_errors[job.id] = Arrival.FAILED, reason
    state.stale_views.add(job.id)
    if scene is not None and state.current.get(compat.session_uid(scene)) != job.id:
        text = f"{job.request.prompt}: {reason}"
        state.messages[compat.session_uid(scene)] = Message(text, actions=import_fixes(job.request), job=job.id)
