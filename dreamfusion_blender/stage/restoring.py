"""Changes settings of a scene so that they can be restored later, also after the file was saved and opened again."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import bpy

from ..backend.jobs.reading import parse


def change(scene: bpy.types.Scene, wanted: dict[str, Any], record: str = "") -> str:
    """Changes settings and returns a record for `restore`.

    Args:
        wanted: Values by their paths from the scene, such as "render.engine".
        record: The record of earlier changes, which is continued.
    """
    changes = _read(record)
    found = {path: _find(scene, path) for path in wanted}
    # First of all, because some settings change others: a view transform resets the look.
    before = {path: changes[path][0] if path in changes else getattr(*found[path]) for path in wanted}
    for path, value in wanted.items():
        with suppress(TypeError):  # not an item of this version or build, such as a render engine
            setattr(*found[path], value)
    changes |= {path: [before[path], getattr(*found[path])] for path in wanted}
    return json.dumps(changes)


def restore(scene: bpy.types.Scene, record: str) -> None:
    """Restores the settings, except those that were changed again in the meantime."""
    for path, (before, after) in _read(record).items():
        with suppress(AttributeError, TypeError):  # a setting of another version
            owner, name = _find(scene, path)
            if getattr(owner, name) == after:
                setattr(owner, name, before)


def _read(record: str) -> dict[str, list[Any]]:
    """The entries of a record: [before, after] by path. Empty if the file was damaged."""
    try:
        found = parse(record.encode() or b"{}")
    except ValueError:
        found = {}
    entries = found.items() if isinstance(found, dict) else ()
    return {path: change for path, change in entries if isinstance(change, list) and len(change) == 2}


def _find(scene: bpy.types.Scene, path: str) -> tuple[Any, str]:
    *owners, name = path.split(".")
    found: Any = scene
    for owner in owners:
        found = getattr(found, owner)
    return found, name
