"""Objects that were asked for together are laid out together, anew with each one that arrives.

What a group's objects are is read from the objects themselves: those that failed, were deleted or undone leave no gap,
and one that was moved by hand stays where it was put.
"""

from __future__ import annotations

from collections.abc import Sequence

import bpy
from mathutils import Vector

from .. import importer
from ..core.groups import Group
from . import placing

GROUP, NUMBER, SPOT = "dreamfusion_group", "dreamfusion_number", "dreamfusion_spot"  # on each object of a group
MOVED = 1e-3  # in the scene's units: further away from its spot, someone has moved it


def join(obj: bpy.types.Object, group: Group, scene: bpy.types.Scene, center: Sequence[float]) -> None:
    """Lays `obj` and what has come of its group before out around `center` (world units), on the ground there.

    Must run outside of edit modes; pushes no undo step.
    """
    obj[GROUP], obj[NUMBER] = group.id, group.number
    there = [o for o in scene.objects if o.get(GROUP) == group.id and (o == obj or _is_where_it_was_put(o))]
    members = sorted(there, key=lambda o: int(o.get(NUMBER, 0)))
    view_layer = importer.view_layer_of(scene)  # the user may look at another scene
    placing.arrange(view_layer, members, group.pattern, group.gap, seed=0, center=Vector(center))
    for member in members:
        spot = member.matrix_world.translation
        member[SPOT] = [spot.x, spot.y, spot.z]


def _is_where_it_was_put(obj: bpy.types.Object) -> bool:
    spot = obj.get(SPOT)
    return spot is not None and (obj.matrix_world.translation - Vector(spot)).length < MOVED
