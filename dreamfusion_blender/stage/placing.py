"""Places objects on the surface below the 3D cursor, at their real size, and arranges several objects."""

from __future__ import annotations

import math

import bpy
import numpy as np
from bpy.props import BoolProperty, EnumProperty, FloatProperty, IntProperty
from bpy.types import Context, Operator
from mathutils import Matrix, Vector

from ..core import layout
from ..core.layout import Footprint
from ..core.translate import CONTEXT, tr
from . import bounds, settling
from .settling import LIFT
from .surroundings import UP, Surroundings


def resize(view_layer: bpy.types.ViewLayer, obj: bpy.types.Object, length: float, measure: str) -> None:
    """Scales an object uniformly so that its `measure` (HEIGHT, WIDTH, LONGEST) is `length`, in scene units."""
    around = bounds.measure([obj])
    if around is None:
        return
    size = around.size
    now = {"HEIGHT": size.z, "WIDTH": size.x, "LONGEST": max(size.x, size.y, size.z)}[measure]
    obj.scale = obj.scale * (length / max(now, 1e-9))
    view_layer.update()


def stand_on(view_layer: bpy.types.ViewLayer, obj: bpy.types.Object, place: Vector, normal: Vector) -> None:
    """Moves an object so that the center of its bottom is at `place`, and aligns its up axis with `normal`."""
    rotation = UP.rotation_difference(normal).to_matrix().to_4x4()
    matrix = obj.matrix_world.copy()
    if rotation != Matrix.Identity(4):
        obj.matrix_world = (
            Matrix.Translation(matrix.translation) @ rotation @ Matrix.Translation(-matrix.translation) @ matrix
        )
        view_layer.update()
    # With the surface rotated to horizontal, the lowest point touches it.
    around = bounds.measure([obj], rotation.inverted())
    if around is not None:
        obj.matrix_world = Matrix.Translation(place - rotation @ around.bottom) @ obj.matrix_world
    view_layer.update()


def upright(view_layer: bpy.types.ViewLayer, obj: bpy.types.Object) -> None:
    """Removes the tilt of an object. Its rotation about its own z axis is kept."""
    axis = obj.matrix_world.to_3x3() @ UP
    if axis.length < 1e-9:
        return
    rotation = axis.rotation_difference(UP).to_matrix().to_4x4()
    origin = Matrix.Translation(obj.matrix_world.translation)
    obj.matrix_world = origin @ rotation @ origin.inverted() @ obj.matrix_world
    view_layer.update()


class DREAMFUSION_OT_place_in_scene(Operator):
    """Place the active object on the surface below the 3D cursor, optionally at its real size"""

    bl_idname = "dreamfusion.place_in_scene"
    bl_label = "Place in Scene"
    bl_options = {"REGISTER", "UNDO"}

    size: FloatProperty(
        name="Size",
        description="Real-world size. 0 keeps the current size",
        unit="LENGTH",
        min=0.0,
        soft_max=10.0,
    )
    measure: EnumProperty(
        name="Dimension",
        translation_context=CONTEXT,
        description="Dimension of the object that the size refers to",
        items=(
            ("HEIGHT", "Height", "The size is the height of the object"),
            ("WIDTH", "Width", "The size is the width of the object from left to right"),
            ("LONGEST", "Longest Side", "The size is the longest side of the object"),
        ),
    )
    align: BoolProperty(
        name="Align to Surface", description="Tilt the object with the surface instead of keeping it upright"
    )

    @classmethod
    def poll(cls, context: Context) -> bool:
        return context.mode == "OBJECT"

    def execute(self, context: Context) -> set[str]:
        view_layer = context.view_layer
        view_layer.update()
        objects = bounds.selected_meshes(context)[:1]
        if not objects:
            self.report({"WARNING"}, tr("Select objects first."))
            return {"CANCELLED"}
        (obj,) = objects
        upright(view_layer, obj)
        if self.size > 0:
            resize(view_layer, obj, self.size, self.measure)
        around = bounds.measure([obj])
        reach = LIFT * around.size.z if around else 0.0
        surface = Surroundings(view_layer, [obj]).surface_below(Vector(context.scene.cursor.location), reach)
        stand_on(view_layer, obj, surface.place, surface.normal if self.align else UP)
        return {"FINISHED"}


class DREAMFUSION_OT_arrange(Operator):
    """Arrange the selected objects around the 3D cursor, on the surface below it and without overlaps"""

    bl_idname = "dreamfusion.arrange"
    bl_label = "Arrange"
    bl_options = {"REGISTER", "UNDO"}

    pattern: EnumProperty(
        name="Pattern",
        translation_context=CONTEXT,
        description="Layout of the objects",
        items=(
            ("ROW", "Row", "Side by side, sorted by name"),
            ("GRID", "Grid", "In rows and columns, sorted by name"),
            ("SCATTER", "Scatter", "Random positions, the largest object in the center"),
        ),
    )
    gap: FloatProperty(name="Gap", description="Minimum distance between objects", unit="LENGTH", default=0.2, min=0.0)
    seed: IntProperty(name="Seed", description="Change for a different layout", min=0)
    turn: FloatProperty(
        name="Random Rotation",
        description="Maximum rotation of scattered objects",
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
        objects = sorted(bounds.selected_meshes(context), key=lambda obj: obj.name)
        if not objects:
            self.report({"WARNING"}, tr("Select objects first."))
            return {"CANCELLED"}
        if self.pattern == "SCATTER" and self.turn:
            _rotate_randomly(context.view_layer, objects, self.turn, self.seed)
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
    *,
    finds_space: bool = False,
) -> None:
    """Places objects around `center` on the surface below, using their actual sizes so that they do not overlap.

    Args:
        finds_space: Shifts the layout to a free area if other objects are in the way.
    """
    around = [found for obj in objects if (found := bounds.measure([obj]))]
    footprints = [Footprint(found.size.x, found.size.y) for found in around]
    if pattern == "ROW":
        places = layout.in_a_row(footprints, gap)
    elif pattern == "GRID":
        places = layout.in_a_grid(footprints, gap)
    else:
        places = layout.scattered(footprints, gap, seed)
    tallest = max(found.size.z for found in around)
    surroundings = Surroundings(view_layer, objects)
    if finds_space:
        low, high = layout.extent(footprints, places)
        center = settling.find_place(surroundings, center, np.array((*low, 0.0)), np.array((*high, tallest)))
    # From the height of the objects: where the ground rises, it is above the center.
    surfaces = [surroundings.surface_below(center + Vector((x, y, 0.0)), tallest).place for x, y in places]
    if any(obj.parent is not None for obj in objects):  # a moved parent moves its children
        for obj, place in zip(objects, surfaces, strict=True):
            stand_on(view_layer, obj, place, UP)
        return
    for obj, found, place in zip(objects, around, surfaces, strict=True):
        obj.matrix_world = Matrix.Translation(place - found.bottom) @ obj.matrix_world
    view_layer.update()  # once, because it takes longer with more objects


def _rotate_randomly(view_layer: bpy.types.ViewLayer, objects: list[bpy.types.Object], most: float, seed: int) -> None:
    for obj, angle in zip(objects, layout.angles(len(objects), most, seed), strict=True):
        origin = Matrix.Translation(obj.matrix_world.translation)
        obj.matrix_world = origin @ Matrix.Rotation(angle, 4, "Z") @ origin.inverted() @ obj.matrix_world
    view_layer.update()


CLASSES = (DREAMFUSION_OT_place_in_scene, DREAMFUSION_OT_arrange)
