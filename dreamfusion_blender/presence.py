"""Which jobs have an object in the scenes of the open file.

The objects are the only record of an import: undo, deletion, another file and appended objects change it without the add-on.
A job counts if an object with its id is in any scene. After undo, redo and loading a file, all objects are read. Other
changes are followed by reading a few hundred objects per tick.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

import bpy

from . import session
from .core.arrival_states import Arrival
from .core.naming import JOB_PROPERTY, TEXTURE_PROPERTY
from .session import ObjectSearch

OBJECTS_PER_TICK = 500
INTERVAL_S = 1.0  # between two searches while objects keep changing


def note_change() -> None:
    """Objects may have been added or removed."""
    session.state.has_changed_objects = True


def search_all() -> None:
    """Reads all objects at once. Takes about 2 ms for 10,000 objects."""
    _conclude({job for scene in bpy.data.scenes for job in _jobs_of(scene.collection.all_objects)})


def search_some() -> bool:
    """Reads the next few objects if objects have changed. Returns False if there was nothing to do."""
    state = session.state
    if state.search_of_objects is None:
        now = time.monotonic()
        if not (state.has_changed_objects and state.views) or now < state.next_search:
            return False
        state.has_changed_objects, state.next_search, state.search_of_objects = False, now + INTERVAL_S, ObjectSearch()
    search, scenes = state.search_of_objects, bpy.data.scenes
    if search.scene >= len(scenes):
        _conclude(search.found)
        return True
    end = search.start + OBJECTS_PER_TICK
    part = scenes[search.scene].collection.all_objects[search.start : end]
    search.found.update(_jobs_of(part))
    if len(part) == OBJECTS_PER_TICK:
        search.start = end
    else:
        search.scene, search.start = search.scene + 1, 0
    return True


def add(job_id: str) -> None:
    """An object of the job was imported."""
    state = session.state
    state.imported = state.imported | {job_id}
    state.search_of_objects, state.has_changed_objects = None, True  # a running search may have passed its scene


def is_searching() -> bool:
    return session.state.search_of_objects is not None


def _jobs_of(objects: Iterable[bpy.types.Object]) -> set[str]:
    marks = (JOB_PROPERTY, TEXTURE_PROPERTY)
    return {str(obj[mark]) for obj in objects for mark in marks if mark in obj}  # type: ignore[operator]


def _conclude(found: set[str]) -> None:
    state = session.state
    state.search_of_objects = None
    state.stale_views |= found ^ state.imported
    for job_id in found - state.imported:
        if state.arrivals.get(job_id) is Arrival.FAILED:  # redo brought back the object
            del state.arrivals[job_id]
            state.import_errors.pop(job_id, None)
    state.imported = found
