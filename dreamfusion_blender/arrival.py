"""Imports the meshes of finished jobs into the scenes that they were started from.

An import waits until Blender is in Object Mode and not rendering. The operator `dreamfusion.arrive` does it, so that Blender
registers it as the last operation: otherwise Adjust Last Operation would undo the import and repeat only the user's last action.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice

import bpy

from . import cleanup, compat, importer, presence, session
from .backend.jobs import states
from .changing import apply as change
from .core import groups
from .core.actions import import_fixes
from .core.arrival_states import Arrival
from .core.groups import Group
from .core.job import Job
from .core.present import Message
from .core.queue import MOST_OPEN
from .core.translate import tr
from .stage import grouping
from .stage.surroundings import view_layer_of
from .starting import place
from .texturing import apply

MOST_AT_ONCE = 10  # objects of a list that arrive together: Blender does not respond meanwhile
WAIT_FOR_OTHERS_S = 60.0


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
    state, jobs = session.state, session.board().jobs
    expected = (id for id in state.due if id in jobs and state.arrivals.get(id) is Arrival.PENDING)
    waiting = [jobs[id] for id in expected if jobs[id].state.status == states.DONE and not _waits_for_others(id)]
    return waiting if waiting and is_blender_free() else []


def _waits_for_others(job_id: str) -> bool:
    """Whether a finished object of a long list arrives later, with others of its list: each arrival is an undo step."""
    state = session.state
    view = state.views.get(job_id)
    tally = state.tallies.lists.get(view.group) if view is not None and view.group else None
    if tally is None or not tally.live or len(tally.views) <= MOST_OPEN or not _has_user():
        return False
    is_late = time.monotonic() - state.due[job_id] >= WAIT_FOR_OTHERS_S
    # Those that have just arrived may still be in `due`.
    ready = sum(id in tally.views and state.arrivals.get(id) is Arrival.PENDING for id in state.due)
    return not is_late and ready < MOST_AT_ONCE


def _has_user() -> bool:
    """Whether a user may undo what arrives."""
    return not bpy.app.background


def is_blender_free() -> bool:
    """Whether an import would not disturb the user: Object Mode, no render, no running modal operator of Blender."""
    if compat.is_busy():
        return False
    actives = [window.view_layer.objects.active for window in bpy.context.window_manager.windows]
    return all(obj is None or obj.mode == "OBJECT" for obj in actives)


def deliver_one() -> None:
    """Imports the first mesh that is due, and others of its list, as one operation with one undo step.

    Never raises and never tries twice.
    """
    due = due_jobs()
    for job in due[:1]:
        scene = scene_of(job)
        if scene is None:
            session.state.stale_views.add(job.id)
            del session.state.arrivals[job.id]  # its file is closed; it is offered when the file is open again
            continue
        together = _ready_of_list(job, scene)
        session.state.stale_views.update(one.id for one in together)
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
                elif len(together) > 1:
                    ids = "\n".join(one.id for one in together)
                    operators.arrive_list("EXEC_DEFAULT", has_undo, jobs=ids, location=point, select=select)
                else:
                    operators.arrive("EXEC_DEFAULT", has_undo, job=job.id, location=point, select=select)
        except Exception as error:
            _fail(job, _reason_of(error))
        for one in together:
            if session.state.arrivals.get(one.id) is Arrival.PENDING:  # Blender did not run the operator
                _fail(one, tr("Blender refused the import. Click Import Again."))


def _ready_of_list(job: Job, scene: bpy.types.Scene) -> list[Job]:
    """A finished job and finished ones of its list, also those that the panel does not know yet as finished."""
    jobs, arrivals = session.board().jobs, session.state.arrivals
    pending = (jobs[id] for id, how in arrivals.items() if how is Arrival.PENDING and id in jobs and id != job.id)
    done = (other for other in pending if other.state.status == states.DONE)
    return [job, *islice((other for other in done if _is_of_same_list(job, other, scene)), MOST_AT_ONCE - 1)]


def _is_of_same_list(job: Job, other: Job, scene: bpy.types.Scene) -> bool:
    """Whether two jobs arrive together: plain objects of the same list, in the same scene."""
    if other.request.mode != "generate" or job.request.mode != "generate":
        return False
    group, other_group = (groups.of(destination_of(one)) for one in (job, other))
    return group is not None and other_group is not None and group.id == other_group.id and scene_of(other) == scene


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
        obj = _import(job, scene, location, group, select=select)
        if group is not None:
            grouping.lay_out([obj], group, scene, location)
        return obj

    return _all_or_nothing(job, scene, make)


def deliver_list(
    jobs: Sequence[Job], scene: bpy.types.Scene, location: Sequence[float], *, select: bool = True
) -> list[bpy.types.Object]:
    """Imports objects of the same list into `scene`, and lays out the list once. An object that fails leaves no gap.

    Args:
        location: World position of the center of the list.
        select: Selects only these objects.

    Raises:
        importer.ImportFailed: None of the meshes can be imported. The panel shows the errors too.
    """
    group, made, failures = groups.of(destination_of(jobs[0])), [], []
    try:
        with cleanup.all_or_nothing(view_layer_of(scene)):
            for job in jobs:
                own = groups.of(destination_of(job))
                try:
                    made.append(_all_or_nothing(job, scene, partial(_import, job, scene, location, own, select=select)))
                except importer.ImportFailed as error:
                    failures.append(error)
            if made and group is not None:
                grouping.lay_out(made, group, scene, location)
    except Exception as error:
        reason = _reason_of(error)
        for job in jobs:
            _fail(job, reason)
        raise importer.ImportFailed(reason) from error
    if not made:
        raise failures[0]
    if select:
        for obj in made:
            obj.select_set(obj.visible_get(view_layer=view_layer_of(scene)), view_layer=view_layer_of(scene))
    return made


def _import(
    job: Job, scene: bpy.types.Scene, location: Sequence[float], group: Group | None, *, select: bool
) -> bpy.types.Object:
    """Imports a mesh into the collection of its group."""
    if job.mesh_path is None:
        raise importer.ImportFailed(tr("The job has no mesh. Resume it, or generate the object again."))
    obj = importer.import_result(job.mesh_path, job.request, scene, location, select=select)
    if group is not None:
        grouping.add_to_group(obj, group, scene)
    return obj


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
