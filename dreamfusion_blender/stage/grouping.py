"""Lays out the objects of a group. Each imported object updates the layout.

The members of a group are found by their custom properties. Failed, deleted or undone objects leave no gap, and objects that
the user has moved keep their place.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import bpy
from mathutils import Vector

from ..core.groups import Group
from ..core.naming import name_for
from . import placing
from .surroundings import view_layer_of

# Custom properties of the objects of a group.
GROUP, NUMBER, POSITION = "dreamfusion_group", "dreamfusion_number", "dreamfusion_spot"
TOLERANCE = 1e-3  # scene units; objects further away from their position were moved by the user


def add_to_group(obj: bpy.types.Object, group: Group, scene: bpy.types.Scene) -> None:
    """Adds `obj` to its group and its collection. Must run in Object Mode. Pushes no undo step."""
    obj[GROUP], obj[NUMBER] = group.id, group.number
    move_to_collection(obj, group, scene)


def lay_out(new: Collection[bpy.types.Object], group: Group, scene: bpy.types.Scene, center: Sequence[float]) -> None:
    """Lays out a group around `center` (world units). The objects stand on the surface there, or next to what is there.

    If that fails, no object is moved. Must run in Object Mode. Pushes no undo step.

    Args:
        new: Objects that have been added to the group since the last layout.
    """
    found = [o for o in scene.objects if o.get(GROUP) == group.id and (o in new or not _was_moved(o))]
    members = sorted(found, key=lambda o: int(o.get(NUMBER, 0)))
    view_layer = view_layer_of(scene)  # the window may show another scene
    before = [(member, member.matrix_world.copy()) for member in members]
    try:
        placing.arrange(view_layer, members, group.pattern, group.gap, seed=0, center=Vector(center), finds_space=True)
    except BaseException:
        for member, matrix in before:
            member.matrix_world = matrix
        raise
    for member in members:
        position = member.matrix_world.translation
        member[POSITION] = [position.x, position.y, position.z]


def move_to_collection(obj: bpy.types.Object, group: Group, scene: bpy.types.Scene) -> None:
    """Moves an object that has just been imported into the collection of its group.

    It stays where it is if that collection is hidden, because it could not be selected there.
    """
    parent = obj.users_collection[0]
    collection = collection_of_group(group, scene, parent, name_for(group.title or obj.name))
    view_layer = view_layer_of(scene)
    is_selected, is_active = obj.select_get(view_layer=view_layer), view_layer.objects.active == obj
    collection.objects.link(obj)
    view_layer.update()
    if obj.visible_get(view_layer=view_layer):
        parent.objects.unlink(obj)
        obj.select_set(is_selected, view_layer=view_layer)
        if is_active:
            view_layer.objects.active = obj
    else:
        collection.objects.unlink(obj)


def collection_of_group(
    group: Group, scene: bpy.types.Scene, parent: bpy.types.Collection, name: str
) -> bpy.types.Collection:
    """The collection of a group in the scene, wherever the user has moved it. If missing, it is made in `parent`."""
    for collection in scene.collection.children_recursive:
        if collection.get(GROUP) == group.id and collection.library is None:
            return collection
    made = bpy.data.collections.new(name)
    made[GROUP] = group.id
    parent.children.link(made)
    return made


def _was_moved(obj: bpy.types.Object) -> bool:
    position = obj.get(POSITION)
    return position is None or (obj.matrix_world.translation - Vector(position)).length >= TOLERANCE
