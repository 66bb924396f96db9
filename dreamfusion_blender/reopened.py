"""Jobs of a file that was opened again: which one its panel shows, and which finished ones the user has not seen.

A finished job is unseen if it was started from this file, ended after the file was last saved, and has no object in it.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress

import bpy

from . import arrival, compat, session
from .backend.errors import JobError
from .backend.jobs import states
from .backend.jobs.files import write_atomic
from .backend.jobs.reading import read_object
from .core.actions import APPLY, APPLY_CHANGE, DISMISS, IMPORT, IMPORT_ALL
from .core.job import Job
from .core.present import Message
from .core.translate import tr

DESTINATION = "destination.json"  # in a job's folder: replaces the origin of the request


def reconnect(job: Job) -> None:
    """Connects a job of an earlier session to its scene, if that scene is in the open file.

    The mesh of an unfinished job is imported when it is done.
    """
    state = session.state
    if job.id in state.arrivals or job.state.status == states.CANCELLED:
        return
    _read_destination(job)
    scene = arrival.scene_of(job)
    if scene is None:
        return
    uid = compat.session_uid(scene)
    state.scenes_to_choose.add(uid)
    is_done = job.state.status == states.DONE
    if is_done and not _ended_after_save(job):
        state.newest_seen[uid] = max(job.id, state.newest_seen.get(uid, ""))
        return
    state.reconnected.setdefault(uid, {})[job.id] = is_done
    if not is_done:
        arrival.expect(job.id)


def update() -> bool:
    """Updates the jobs that the panels show, and the messages about unseen jobs. Returns True if a panel has changed."""
    state = session.state
    before, messages = dict(state.current), state.unseen
    for uid in state.scenes_to_choose:
        _choose(uid)
    state.scenes_to_choose.clear()
    if not session.board().has_undiscovered:  # so that the number does not change while jobs are discovered
        _update_messages()
    return before != state.current or messages != state.unseen


def _choose(uid: int) -> None:
    """Chooses the job that the panel of a scene shows, unless the user has started one in this session.

    The first job of the queue comes first, then the job that was submitted last. A finished job is shown only if it is the only unseen one.
    """
    state, jobs = session.state, session.board().jobs
    reconnected = state.reconnected.get(uid, {})
    shown = state.current.get(uid, "")
    if shown and shown not in reconnected:
        return
    known = jobs.keys() & reconnected.keys()
    if not known:
        return
    live = [job for job in session.board().active() if job.id in known and not job.state.is_final]
    best = live[0] if live else jobs[max(known)]
    is_outdated = best.state.is_final and best.id < state.newest_seen.get(uid, "")
    was_imported_here = best.id == shown and best.id in state.imported
    is_shown = best.state.status != states.DONE and not is_outdated
    if is_shown or unseen_in(uid) == [best.id] or was_imported_here:
        state.current[uid] = best.id
        state.stale_views.add(best.id)
    else:
        state.current.pop(uid, None)


def choose_after(job_id: str) -> None:
    """Chooses again after a job has failed, which must not hide a finished one."""
    state = session.state
    state.scenes_to_choose.update(uid for uid, reconnected in state.reconnected.items() if job_id in reconnected)


def unseen_in(uid: int) -> list[str]:
    """The unseen finished jobs of a scene, oldest first."""
    state, jobs = session.state, session.board().jobs
    handled = state.imported | state.dismissed | set(state.arrivals)
    reconnected = state.reconnected.get(uid, {})
    return sorted(id for id, is_done in reconnected.items() if is_done and id in jobs and id not in handled)


def is_unseen(job_id: str) -> bool:
    return any(job_id in unseen_in(uid) for uid in session.state.reconnected)


def _update_messages() -> None:
    """A single unseen job needs no message if the panel shows it as the current job of its scene."""
    state = session.state
    messages = {}
    for uid in state.reconnected:
        unseen = unseen_in(uid)
        if len(unseen) > 1:
            text = tr("{count} objects were finished while this file was closed.").format(count=len(unseen))
            messages[uid] = Message(text, is_error=False, actions=(IMPORT_ALL, DISMISS))
        elif unseen and unseen[0] != state.current.get(uid):
            text, action = tr("An object was finished while this file was closed."), IMPORT
            mode = session.board().jobs[unseen[0]].request.mode
            if mode == "texture":
                text, action = tr("A texture was finished while this file was closed."), APPLY
            elif mode == "change":
                action = APPLY_CHANGE
            messages[uid] = Message(text, is_error=False, actions=(action, DISMISS), job=unseen[0])
    state.unseen = messages


def import_all(scene: bpy.types.Scene) -> int:
    """Marks the unseen jobs of a scene for import, each at its own place and with its group. Returns their number."""
    unseen = unseen_in(compat.session_uid(scene))
    for job_id in unseen:
        arrival.expect(job_id)
    return len(unseen)


def dismiss(scene: bpy.types.Scene) -> None:
    """Stops offering the unseen jobs of a scene in this session. The history keeps them."""
    uid = compat.session_uid(scene)
    session.state.dismissed.update(unseen_in(uid))
    session.state.scenes_to_choose.add(uid)


def forget_file() -> None:
    """After another file was opened."""
    state = session.state
    state.reconnected.clear()
    state.newest_seen.clear()
    state.scenes_to_choose.clear()
    state.unseen = {}
    state.file_saved_at = None


def _ended_after_save(job: Job) -> bool:
    """Whether the job ended after the open file was last saved before it was opened."""
    state = session.state
    try:
        if state.file_saved_at is None:  # once: later saves do not change what was unseen
            state.file_saved_at = os.stat(bpy.data.filepath).st_mtime
        return os.stat(f"{job.path}{os.sep}events.jsonl").st_mtime > state.file_saved_at
    except OSError:
        return False


def note_file() -> None:
    """After the open file was saved: stores its path with the jobs of this session, whose requests may have another one."""
    state, board = session.state, session.board()
    for job in board.jobs.values():
        origin = arrival.destination_of(job)
        is_expected = not job.state.is_final or job.id in state.arrivals
        if is_expected and origin.get("session") == state.token and origin.get("file") != bpy.data.filepath:
            scene = arrival.scene_of(job)
            if scene is not None:
                state.destinations[job.id] = {**origin, "file": bpy.data.filepath, "scene": scene.name}
                with suppress(OSError, ValueError):
                    write_atomic(job.folder / DESTINATION, json.dumps(state.destinations[job.id]))


def _read_destination(job: Job) -> None:
    path = f"{job.path}{os.sep}{DESTINATION}"
    if job.id not in session.state.destinations and os.path.exists(path):
        with suppress(OSError, JobError):
            session.state.destinations[job.id] = read_object(path)


def ids_of_this_file() -> set[str]:
    """Known jobs that were started from the open file."""
    board, path = session.state.board, bpy.data.filepath
    jobs = board.jobs if board is not None else {}
    return {id for id, job in jobs.items() if path and arrival.destination_of(job).get("file") == path}
