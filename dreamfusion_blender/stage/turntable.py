"""A turntable: once around the objects in a loop without a seam."""

from __future__ import annotations

import math

import bpy
from bpy.props import EnumProperty, FloatProperty, IntProperty
from bpy.types import Context, Operator
from mathutils import Matrix

from .. import compat
from ..core.translate import CONTEXT, tr
from . import bounds, framing
from .bounds import Bounds

MARK = "dreamfusion_turntable"  # on what a turntable made
LENS_MM = 60.0  # little perspective, as product pictures have it


def build(
    scene: bpy.types.Scene,
    objects: list[bpy.types.Object],
    around: Bounds,
    frames: int,
    elevation: float,
    azimuth: float = 0.0,
    turns: str = "CAMERA",
) -> bpy.types.Object:
    """A camera that sees all of `objects` from all around, and an empty that turns it, or them, once in `frames` frames.

    Args:
        azimuth: where the first picture is taken from, elevation: how high; radians.
        turns: CAMERA, or OBJECTS, whose light then wanders over them.

    Returns:
        the camera, which is the scene's now.
    """
    remove(scene)
    pivot = bpy.data.objects.new("Turntable", None)
    pivot.location = around.center
    pivot.empty_display_type, pivot.empty_display_size = "CIRCLE", around.radius
    camera = framing.new_camera("Turntable Camera", LENS_MM)
    framing.look_from(camera, scene, around, azimuth, elevation)
    for made in (pivot, camera):
        made[MARK] = True
        scene.collection.objects.link(made)
    for turning in [camera] if turns == "CAMERA" else [obj for obj in objects if obj.parent not in objects]:
        if turning.parent is None:
            turning.parent = pivot
            turning.matrix_parent_inverse = Matrix.Translation(-around.center)
    _turn_once(pivot, scene.frame_start, frames, direction=1 if turns == "CAMERA" else -1)
    scene.frame_end = scene.frame_start + frames - 1
    scene.camera = camera
    return camera


def remove(scene: bpy.types.Scene) -> None:
    """Takes the last turntable away; what it turned stays where it was before the first frame."""
    for made in [obj for obj in scene.objects if obj.get(MARK)]:
        for child in [c for c in made.children if not c.get(MARK)]:
            child.parent = None
            child.matrix_parent_inverse.identity()
        data = made.data
        action = made.animation_data.action if made.animation_data else None
        bpy.data.objects.remove(made)
        if data is not None and not data.users:
            bpy.data.cameras.remove(data)
        if action is not None and not action.users:
            bpy.data.actions.remove(action)


def _turn_once(pivot: bpy.types.Object, start: int, frames: int, direction: int) -> None:
    """The last frame stops one step before the first picture comes again."""
    for frame, angle in ((start, 0.0), (start + frames, direction * 2 * math.pi)):
        pivot.rotation_euler.z = angle
        pivot.keyframe_insert("rotation_euler", index=2, frame=frame)
    for curve in compat.animation_curves(pivot):
        curve.extrapolation = "LINEAR"  # it goes on turning beyond its frames
        for key in curve.keyframe_points:
            key.interpolation = "LINEAR"


class DREAMFUSION_OT_turntable(Operator):
    """A camera that goes once around the selected objects in a loop; it becomes the scene's camera"""

    bl_idname = "dreamfusion.turntable"
    bl_label = "Turntable"
    bl_options = {"REGISTER", "UNDO"}

    frames: IntProperty(name="Frames", description="For one turn", default=120, min=2, soft_max=600)
    elevation: FloatProperty(
        name="Elevation",
        description="How high the camera looks from, over the horizon",
        subtype="ANGLE",
        default=math.radians(15),
        min=math.radians(-85),
        max=math.radians(85),
    )
    turns: EnumProperty(
        name="Turns",
        translation_context=CONTEXT,
        description="What goes around",
        items=(
            ("CAMERA", "Camera", "The camera goes around; light and shadow stay as they are on the objects"),
            ("OBJECTS", "Objects", "The objects turn before a camera at rest; the light wanders over them"),
        ),
    )

    @classmethod
    def poll(cls, context: Context) -> bool:
        return context.mode == "OBJECT"

    def execute(self, context: Context) -> set[str]:
        context.view_layer.update()
        objects = bounds.chosen(context)
        around = bounds.of(objects)
        if around is None:
            self.report({"WARNING"}, tr("Select objects first."))
            return {"CANCELLED"}
        azimuth = bounds.camera_azimuth(context.scene.camera, around.center)
        build(context.scene, objects, around, self.frames, self.elevation, azimuth, self.turns)
        context.scene.frame_set(context.scene.frame_start)
        return {"FINISHED"}


CLASSES = (DREAMFUSION_OT_turntable,)
