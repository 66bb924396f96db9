"""Whether an object can be painted."""

from __future__ import annotations

from typing import Any

import bpy

from ..backend.errors import JobError
from ..core.translate import tr
from ..stage.surroundings import SURFACES

MAX_UV_MAPS = 8  # in Blender


def check_object(obj: Any, view_layer: Any) -> None:
    """Checks what does not depend on the geometry.

    Raises:
        JobError: The object cannot be painted. The message suggests what to do.
    """
    if obj is None:
        raise JobError(tr("No object is active. Click the object to paint."))
    check_kind(obj)
    if obj.library is not None:
        text = tr(
            '"{name}" is linked from another file. Make a library override with Object > Library Override, or make it local.'
        )
        raise JobError(text.format(name=obj.name))
    if not obj.visible_get(view_layer=view_layer):
        text = tr('"{name}" is hidden in this view layer. Show it, because its modifiers are evaluated only then.')
        raise JobError(text.format(name=obj.name))
    if obj.mode != "OBJECT":
        raise JobError(tr("Objects can be painted only in Object Mode. Switch to Object Mode first."))
    if not len(obj.data.polygons):
        raise JobError(tr('"{name}" has no faces. Choose an object with faces.').format(name=obj.name))


def check_kind(obj: Any) -> None:
    """Raises JobError if the object is not a mesh."""
    if obj.type == "MESH":
        return
    if obj.type in SURFACES:
        raise JobError(tr('"{name}" is not a mesh. Convert it with Object > Convert.').format(name=obj.name))
    raise JobError(tr('"{name}" is not a mesh. Choose a mesh object.').format(name=obj.name))


def check_mask(obj: Any, mask: str, group: str) -> None:
    """Raises JobError if the mask does not exist."""
    if mask == "GROUP" and obj.vertex_groups.get(group) is None:
        text = tr('"{name}" has no vertex group "{group}". Choose one of its vertex groups, or turn the mask off.')
        raise JobError(text.format(name=obj.name, group=group))


def check_data(obj: Any, *, adds_uv: bool, single_user: bool) -> None:
    """Checks whether the mesh data can get what it lacks: a material slot, or a new UV map.

    Raises:
        SharedData: Other objects use the data, too, and the object may not get its own copy.
        JobError: There are too many UV maps.
    """
    if adds_uv and len(obj.data.uv_layers) >= MAX_UV_MAPS:
        text = tr('"{name}" has {count} UV maps, and Blender allows no more. Remove one.')
        raise JobError(text.format(name=obj.name, count=MAX_UV_MAPS))
    if not single_user and (adds_uv or not obj.material_slots) and is_shared(obj):
        raise SharedData(shared_text(obj))


class SharedData(JobError):
    """The mesh data would change, and is not only this object's. The user must agree to a copy."""


def is_shared(obj: Any) -> bool:
    """Whether other objects use the mesh data of the object, or another file has it."""
    data = obj.data
    return data.library is not None or (data.users > 1 and sum(other.data == data for other in bpy.data.objects) > 1)


def shared_text(obj: Any) -> str:
    """Why the object needs its own mesh data: for a UV map or a material slot."""
    if obj.data.library is not None:
        text = tr('The mesh of "{name}" is linked from another file and must change. Turn on Single-User Data.')
        return text.format(name=obj.name)
    count = sum(other.data == obj.data for other in bpy.data.objects)
    text = tr('The mesh of "{name}" is shared by {count} objects and must change. Turn on Single-User Data.')
    return text.format(name=obj.name, count=count)
