"""Putting objects into a scene: onto the surface under the cursor, in a real size, and side by side."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import bpy
from bpy.props import BoolProperty, EnumProperty, FloatProperty, IntProperty
from bpy.types import Context, Operator
from mathutils import Matrix, Vector

from ..core import layout
from ..core.layout import Footprint
from ..core.translate import CONTEXT, tr
from . import bounds

UP = Vector((0.0, 0.0, 1.0))
LIFT = 0.01  # of the object's height: a cursor that lies on a surface is not under it


def resize(view_layer: bpy.types.ViewLayer, obj: bpy.types.Object, length: float, measure: str) -> None:
    """Scales an object evenly until its `measure` (HEIGHT, WIDTH, LONGEST) is `length` long, in the scene's units."""
    around = bounds.of([obj])
    if around is None:
        return
    size = around.size
    now = {"HEIGHT": size.z, "WIDTH": size.x, "LONGEST": max(size.x, size.y, size.z)}[measure]
    obj.scale = obj.scale * (length / max(now, 1e-9))
    view_layer.update()


def surface_below(
    view_layer: bpy.types.ViewLayer, point: Vector, reach: float, ignored: list[bpy.types.Object]
) -> tuple[Vector, Vector]:
    """The first surface at or below `point`, as a place and its upward normal; the ground (z = 0) when it is below the
    point and nothing else is, else the point itself."""
    with _hidden(ignored):
        view_layer.update()
        scene: Any = view_layer.id_data
        hit, place, normal, *_ = scene.ray_cast(view_layer.depsgraph, point + reach * UP, -UP)
    view_layer.update()
    if hit:
        return place, normal if normal.z > 0 else -normal
    return (Vector((point.x, point.y, 0.0)) if point.z >= 0 else point.copy()), UP.copy()


def stand_on(view_layer: bpy.types.ViewLayer, obj: bpy.types.Object, place: Vector, normal: Vector) -> None:
    """Moves an object so that the middle of its underside is at `place`, upright along `normal`."""
    turn = UP.rotation_difference(normal).to_matrix().to_4x4()
    matrix = obj.matrix_world.copy()
    if turn != Matrix.Identity(4):
        obj.matrix_world = (
            Matrix.Translation(matrix.translation) @ turn @ Matrix.Translation(-matrix.translation) @ matrix
        )
        view_layer.update()
    # As seen with the surface lying flat, the lowest point is what touches it.
    flat = turn.inverted()
    around = bounds.of([obj], flat)
    if around is not None:
        obj.matrix_world = Matrix.Translation(place - turn @ around.foot) @ obj.matrix_world
    view_layer.update()


def upright(view_layer: bpy.types.ViewLayer, obj: bpy.types.Object) -> None:
    """Takes away what an earlier alignment leaned it by; the turn about its own axis stays."""
    axis = obj.matrix_world.to_3x3() @ UP
    if axis.length < 1e-9:
        return
    turn = axis.rotation_difference(UP).to_matrix().to_4x4()
    origin = Matrix.Translation(obj.matrix_world.translation)
    obj.matrix_world = origin @ turn @ origin.inverted() @ obj.matrix_world
    view_layer.update()


@contextmanager
def _hidden(objects: list[bpy.types.Object]) -> Iterator[None]:
    """A ray passes through what no view layer shows."""
    before = [(obj, obj.hide_viewport) for obj in objects]
    for obj in objects:
        obj.hide_viewport = True
    try:
        yield
    finally:
        for obj, hidden in before:
            obj.hide_viewport = hidden


class DREAMFUSION_OT_place_in_scene(Operator):
    """Stand the active object on the surface under the 3D cursor, in a real size"""

    bl_idname = "dreamfusion.place_in_scene"
    bl_label = "Place in Scene"
    bl_options = {"REGISTER", "UNDO"}

    size: FloatProperty(
        name="Size",
        description="Real size; 0 leaves the object as large as it is",
        unit="LENGTH",
        min=0.0,
        soft_max=10.0,
    )
    measure: EnumProperty(
        name="Of",
        translation_context=CONTEXT,
        description="Which length of the object the size is",
        items=(
            ("HEIGHT", "Height", "The size is how tall the object is"),
            ("WIDTH", "Width", "The size is how wide it is from left to right"),
            ("LONGEST", "Longest Side", "The size is its longest side"),
        ),
    )
    align: BoolProperty(name="Align to Surface", description="Lean with the surface instead of standing upright")

    @classmethod
    def poll(cls, context: Context) -> bool:
        return context.mode == "OBJECT"

    def execute(self, context: Context) -> set[str]:
        view_layer = context.view_layer
        view_layer.update()
        objects = bounds.chosen(context)[:1]
        if not objects:
            self.report({"WARNING"}, tr("Select objects first."))
            return {"CANCELLED"}
        (obj,) = objects
        upright(view_layer, obj)
        if self.size > 0:
            # What a person types in meters or inches comes here in the scene's own units.
            resize(view_layer, obj, self.size, self.measure)
        around = bounds.of([obj])
        reach = LIFT * around.size.z if around else 0.0
        place, normal = surface_below(view_layer, Vector(context.scene.cursor.location), reach, [obj])
        stand_on(view_layer, obj, place, normal if self.align else UP)
        return {"FINISHED"}


class DREAMFUSION_OT_arrange(Operator):
    """Lay the selected objects out around the 3D cursor, on its ground, so that none is in another"""

    bl_idname = "dreamfusion.arrange"
    bl_label = "Arrange"
    bl_options = {"REGISTER", "UNDO"}

    pattern: EnumProperty(
        name="Pattern",
        translation_context=CONTEXT,
        description="How they stand",
        items=(
            ("ROW", "Row", "Side by side, in the order of their names"),
            ("GRID", "Grid", "In rows and columns, in the order of their names"),
            ("SCATTER", "Scatter", "As if put down by hand, the largest in the middle"),
        ),
    )
    gap: FloatProperty(name="Gap", description="Least distance between them", unit="LENGTH", default=0.2, min=0.0)
    seed: IntProperty(name="Seed", description="Another one scatters them anew", min=0)
    turn: FloatProperty(
        name="Random Turn",
        description="How far scattered objects are turned at most",
        subtype="ANGLE",
        min=0.0,
        max=math.pi,
    )

    @classmethod
    def poll(cls, context: Context) -> bool:
        return context.mode == "OBJECT"

    def draw(self, _context: Context) -> None:
        column = self.layout.column()
        column.use_property_split = True
        column.prop(self, "pattern")
        column.prop(self, "gap")
        if self.pattern == "SCATTER":
            column.prop(self, "seed")
            column.prop(self, "turn")

    def execute(self, context: Context) -> set[str]:
        context.view_layer.update()
        objects = sorted(bounds.chosen(context), key=lambda obj: obj.name)
        if not objects:
            self.report({"WARNING"}, tr("Select objects first."))
            return {"CANCELLED"}
        if self.pattern == "SCATTER" and self.turn:
            _turn_randomly(context.view_layer, objects, self.turn, self.seed)
        cursor = Vector(context.scene.cursor.location)
        arrange(context.view_layer, objects, self.pattern, self.gap, self.seed, cursor)
        return {"FINISHED"}


def arrange(
    view_layer: bpy.types.ViewLayer,
    objects: list[bpy.types.Object],
    pattern: str,
    gap: float,
    seed: int,
    center: Vector,
) -> None:
    """Every object on the surface under its new place around `center`, by their real sizes: none is in another."""
    around = [found for obj in objects if (found := bounds.of([obj]))]
    footprints = [Footprint(found.size.x, found.size.y) for found in around]
    if pattern == "ROW":
        places = layout.in_a_row(footprints, gap)
    elif pattern == "GRID":
        places = layout.in_a_grid(footprints, gap)
    else:
        places = layout.scattered(footprints, gap, seed)
    reach = LIFT * max(found.size.z for found in around)
    for obj, (x, y) in zip(objects, places, strict=True):
        place, _ = surface_below(view_layer, center + Vector((x, y, 0.0)), reach, objects)
        stand_on(view_layer, obj, place, UP)


def _turn_randomly(view_layer: bpy.types.ViewLayer, objects: list[bpy.types.Object], most: float, seed: int) -> None:
    for obj, angle in zip(objects, layout.angles(len(objects), most, seed), strict=True):
        origin = Matrix.Translation(obj.matrix_world.translation)
        obj.matrix_world = origin @ Matrix.Rotation(angle, 4, "Z") @ origin.inverted() @ obj.matrix_world
    view_layer.update()


CLASSES = (DREAMFUSION_OT_place_in_scene, DREAMFUSION_OT_arrange)
