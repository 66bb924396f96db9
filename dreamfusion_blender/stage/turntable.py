"""Turntable animation: one rotation around the objects in a seamless loop."""

from __future__ import annotations

import math

import bpy
from bpy.props import EnumProperty, FloatProperty, IntProperty
from bpy.types import Context, Operator
from mathutils import Matrix

from .. import compat
from ..core.translate import CONTEXT, tr
from . import bounds, composite, framing
from .bounds import Bounds

MARK = "dreamfusion_turntable"  # property of the objects of a turntable
# Properties of the turning empty: the scene before, and the number of frames
CAMERA_BEFORE, FRAMES_BEFORE, FRAMES = "dreamfusion_camera_before", "dreamfusion_frames_before", "dreamfusion_frames"
LENS_MM = 60.0  # weak perspective, as in product photos


def build(
    scene: bpy.types.Scene,
    objects: list[bpy.types.Object],
    around: Bounds,
    frames: int,
    elevation: float,
    azimuth: float = 0.0,
    turns: str = "CAMERA",
) -> bpy.types.Object:
    """Adds a camera that frames all objects, and an empty that rotates the camera or the objects once in `frames` frames.

    Args:
        azimuth, elevation: Direction of the camera in the first frame, in radians.
        turns: CAMERA or OBJECTS.

    Returns:
        The camera, which becomes the scene camera.
    """
    remove(scene)
    before = [scene.frame_start, scene.frame_end, scene.frame_current]
    pivot = bpy.data.objects.new("Turntable", None)
    pivot[FRAMES_BEFORE] = before
    if scene.camera is not None:
        pivot[CAMERA_BEFORE] = scene.camera
    pivot.location = around.center
    pivot.empty_display_type, pivot.empty_display_size = "CIRCLE", around.radius
    camera = framing.new_camera("Turntable Camera", LENS_MM)
    framing.look_from(camera, scene, around, azimuth, elevation)
    for obj in (pivot, camera):
        obj[MARK] = True
        scene.collection.objects.link(obj)
    for rotating in [camera] if turns == "CAMERA" else [obj for obj in objects if obj.parent not in objects]:
        if rotating.parent is None:
            rotating.parent = pivot
            rotating.matrix_parent_inverse = Matrix.Translation(-around.center)
    _animate_rotation(pivot, scene.frame_start, frames, direction=1 if turns == "CAMERA" else -1)
    scene.frame_end = scene.frame_start + frames - 1
    pivot[FRAMES] = frames
    scene.camera = camera
    return camera


def remove(scene: bpy.types.Scene) -> None:
    """Removes the turntable. Objects that it rotated return to their initial transforms, and the scene to its camera and frames.

    A camera and an end frame that the user has changed since then stay.
    """
    own = [obj for obj in scene.objects if obj.get(MARK)]
    for pivot in [obj for obj in own if obj.get(FRAMES_BEFORE) is not None]:
        before = pivot.get(CAMERA_BEFORE)
        before = before if before is not None and before.name in scene.objects else None
        if scene.camera in own:
            scene.camera = before
        photo = composite.settings_of(scene)
        if photo.camera_before in own:  # a photo was placed after the turntable
            photo.camera_before = before
        start, end, current = pivot[FRAMES_BEFORE]
        if scene.frame_end == scene.frame_start + pivot[FRAMES] - 1 and scene.frame_start == start:
            scene.frame_end = end
            scene.frame_set(current)
    for obj in own:
        for child in [c for c in obj.children if not c.get(MARK)]:
            child.parent = None
            child.matrix_parent_inverse.identity()
        data = obj.data
        action = obj.animation_data.action if obj.animation_data else None
        bpy.data.objects.remove(obj)
        if data is not None and not data.users:
            bpy.data.cameras.remove(data)
        if action is not None and not action.users:
            bpy.data.actions.remove(action)


def is_shown(scene: bpy.types.Scene) -> bool:
    """Whether the scene camera is that of a turntable."""
    return scene.camera is not None and scene.camera.get(MARK) is not None


def _animate_rotation(pivot: bpy.types.Object, start: int, frames: int, direction: int) -> None:
    """Animates one rotation. The frame after the last one equals the first, so that the loop is seamless."""
    for frame, angle in ((start, 0.0), (start + frames, direction * 2 * math.pi)):
        pivot.rotation_euler.z = angle
        pivot.keyframe_insert("rotation_euler", index=2, frame=frame)
    for curve in compat.animation_curves(pivot):
        curve.extrapolation = "LINEAR"  # continues beyond the frame range
        for key in curve.keyframe_points:
            key.interpolation = "LINEAR"


class DREAMFUSION_OT_turntable(Operator):
    """Add a camera that circles the selected objects in a seamless loop, and make it the scene camera"""

    bl_idname = "dreamfusion.turntable"
    bl_label = "Turntable"
    bl_options = {"REGISTER", "UNDO"}

    frames: IntProperty(name="Frames", description="Number of frames of one rotation", default=120, min=2, soft_max=600)
    elevation: FloatProperty(
        name="Elevation",
        description="Angle of the camera above the horizon",
        subtype="ANGLE",
        default=math.radians(15),
        min=math.radians(-85),
        max=math.radians(85),
    )
    turns: EnumProperty(
        name="Rotate",
        translation_context=CONTEXT,
        description="Rotate camera or objects",
        items=(
            ("CAMERA", "Camera", "The camera circles the objects. The lighting on the objects does not change"),
            (
                "OBJECTS",
                "Objects",
                "The objects rotate in front of a fixed camera. The lighting on the objects changes",
            ),
        ),
    )

    @classmethod
    def poll(cls, context: Context) -> bool:
        return context.mode == "OBJECT"

    def execute(self, context: Context) -> set[str]:
        if context.scene.dreamfusion_photo.is_active:
            self.report({"WARNING"}, tr("A photo has only one view. Click Remove Photo before you add a turntable."))
            return {"CANCELLED"}
        context.view_layer.update()
        objects = bounds.selected_meshes(context)
        around = bounds.measure(objects)
        if around is None:
            self.report({"WARNING"}, tr("Select objects first."))
            return {"CANCELLED"}
        azimuth = bounds.camera_azimuth(context.scene.camera, around.center)
        build(context.scene, objects, around, self.frames, self.elevation, azimuth, self.turns)
        context.scene.frame_set(context.scene.frame_start)
        return {"FINISHED"}


class DREAMFUSION_OT_remove_turntable(Operator):
    """Remove the turntable, and restore the scene camera and the frame range"""

    bl_idname = "dreamfusion.remove_turntable"
    bl_label = "Remove Turntable"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context: Context) -> bool:
        return context.mode == "OBJECT"

    def execute(self, context: Context) -> set[str]:
        remove(context.scene)
        return {"FINISHED"}


CLASSES = (DREAMFUSION_OT_turntable, DREAMFUSION_OT_remove_turntable)
