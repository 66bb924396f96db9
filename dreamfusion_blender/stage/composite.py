"""Placing objects in a photograph: its camera, its ground, its light."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass

import bpy
from bpy.props import BoolProperty, FloatProperty, FloatVectorProperty, StringProperty
from bpy.types import Context, Operator
from mathutils import Matrix, Vector

from .. import compat
from ..core import photo
from ..core.translate import tr
from . import bounds, lighting, plate
from .bounds import Bounds

MARK = "dreamfusion_photo"  # on the camera and the ground of a photograph
SENSOR_MM = 36.0  # full frame: focal lengths are what people know as "35 mm equivalent"
GROUND_RADII = 25.0  # half the side of the ground, in radii of the objects
PHOTO_LIGHT = 0.7  # of the sun rig's strength and of the photograph's mean: its bright parts are the lit ones


@dataclass(frozen=True)
class Shot:
    """What a person sees in the photograph: shares of its width and height from the bottom left."""

    foot: tuple[float, float]
    height: float
    horizon: float
    lens_mm: float


def place(scene: bpy.types.Scene, image: bpy.types.Image, around: Bounds, shot: Shot, azimuth: float) -> float:
    """The objects stay where they are; the camera, the ground under them and the render follow the photograph.

    Returns:
        how high above the ground the photographer's camera was, in the scene's units.

    Raises:
        photo.NoGround: no camera sees the objects like that.
    """
    width, height = image.size
    camera = photo.photo_camera(shot.lens_mm, SENSOR_MM, shot.horizon, width, height)
    above = photo.height_for(camera, shot.foot, around.size.z, shot.height)
    right, forward, up = (above * value for value in camera.ground_at(*shot.foot))
    remove(scene)
    turn = Matrix.Rotation(azimuth, 4, "Z")
    body = bpy.data.objects.new("Photo Camera", bpy.data.cameras.new("Photo Camera"))
    body[MARK] = True
    body.data.sensor_fit, body.data.sensor_width, body.data.lens = "AUTO", SENSOR_MM, shot.lens_mm
    body.location = around.foot - turn.to_3x3() @ Vector((right, forward, up))
    body.rotation_euler = (math.pi / 2 + camera.tilt, 0.0, azimuth)
    reach = (body.location - around.center).length
    body.data.clip_start, body.data.clip_end = reach / 1000, reach * 100
    scene.collection.objects.link(body)
    scene.collection.objects.link(_ground(around))
    scene.camera = body
    plate.show_in_camera(body.data, image)
    render = scene.render
    render.resolution_x, render.resolution_y, render.resolution_percentage = width, height, 100
    render.pixel_aspect_x = render.pixel_aspect_y = 1.0
    render.film_transparent = True
    render.use_compositing = True
    scene.view_settings.view_transform = "Standard"  # others would grade the photograph a second time
    scene.view_settings.look = "None"
    plate.compose(scene, image)
    return above


def remove(scene: bpy.types.Scene) -> None:
    """Takes the last photograph's camera and ground away."""
    for made in [obj for obj in scene.objects if obj.get(MARK)]:
        data = made.data
        bpy.data.objects.remove(made)
        if data is not None and not data.users:
            (bpy.data.cameras if isinstance(data, bpy.types.Camera) else bpy.data.meshes).remove(data)


def _ground(around: Bounds) -> bpy.types.Object:
    """A floor that shows nothing but the shadows on it."""
    half = GROUND_RADII * around.radius
    mesh = bpy.data.meshes.new("Shadow Catcher")
    corners = [(-half, -half, 0.0), (half, -half, 0.0), (half, half, 0.0), (-half, half, 0.0)]
    mesh.from_pydata(corners, [], [(0, 1, 2, 3)])
    ground = bpy.data.objects.new("Shadow Catcher", mesh)
    ground.location = around.foot
    ground.is_shadow_catcher = True
    ground.display_type = "WIRE"
    ground[MARK] = True
    return ground


def light_like(scene: bpy.types.Scene, image: bpy.types.Image, around: Bounds, azimuth: float) -> None:
    """A sun from the left, and the photograph's own mean color from everywhere."""
    lighting.apply(scene, around, "SUN", azimuth, PHOTO_LIGHT)
    background = next(node for node in scene.world.node_tree.nodes if node.type == "BACKGROUND")
    background.inputs["Color"].default_value = (*plate.mean_color(image), 1.0)
    background.inputs["Strength"].default_value = PHOTO_LIGHT


def _azimuth(camera: bpy.types.Object | None, around: Bounds) -> float:
    """From which side the objects are seen; a photograph's camera seldom looks straight at them, but along its own axis."""
    if camera is not None and camera.get(MARK):
        return float(camera.rotation_euler.z)
    return bounds.camera_azimuth(camera, around.center)


class DREAMFUSION_OT_place_in_photo(Operator):
    """Put the selected objects into a photograph: with its camera, their shadow on its ground, and the picture behind"""

    bl_idname = "dreamfusion.place_in_photo"
    bl_label = "Place in Photo"
    bl_options = {"REGISTER", "UNDO"}

    filepath: StringProperty(
        name="Photograph", description="The picture to put them into", subtype="FILE_PATH", options={"SKIP_SAVE"}
    )
    filter_glob: StringProperty(default="*.jpg;*.jpeg;*.png;*.tif;*.tiff;*.webp;*.bmp;*.exr;*.hdr", options={"HIDDEN"})
    foot: FloatVectorProperty(
        name="Foot",
        description="Where in the photograph the objects stand: 0 is left and bottom, 1 is right and top",
        size=2,
        default=(0.5, 0.22),
        soft_min=0.0,
        soft_max=1.0,
    )
    height: FloatProperty(
        name="Height",
        description="Share of the photograph's height that they take",
        subtype="FACTOR",
        default=0.35,
        min=0.01,
        soft_max=1.0,
    )
    horizon: FloatProperty(
        name="Horizon",
        description="How high in the photograph the horizon is, or would be; 1 is the top",
        subtype="FACTOR",
        default=0.55,
        soft_min=0.0,
        soft_max=1.0,
    )
    lens: FloatProperty(
        name="Focal Length",
        description="Of the photographer's lens in millimeters for full frame; telephones have about 26",
        unit="CAMERA",
        default=35.0,
        min=8.0,
        soft_max=200.0,
    )
    light: BoolProperty(
        name="Light",
        description="A sun, and the photograph's mean color from everywhere, when the scene has no lights of its own",
        default=True,
    )

    @classmethod
    def poll(cls, context: Context) -> bool:
        return context.mode == "OBJECT"

    def invoke(self, context: Context, _event: bpy.types.Event) -> set[str]:
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def execute(self, context: Context) -> set[str]:
        scene = context.scene
        context.view_layer.update()
        around = bounds.of(bounds.chosen(context))
        if around is None:
            self.report({"WARNING"}, tr("Select objects first."))
            return {"CANCELLED"}
        azimuth = _azimuth(scene.camera, around)
        shot = Shot(tuple(self.foot), self.height, self.horizon, self.lens)
        try:
            image = bpy.data.images.load(os.fspath(bpy.path.abspath(self.filepath)), check_existing=True)
            if not all(image.size):
                raise RuntimeError("no picture")
        except RuntimeError:
            words = tr("The photograph {path} cannot be read: choose a picture file.")
            self.report({"WARNING"}, words.format(path=self.filepath or "-"))
            return {"CANCELLED"}
        try:
            above = place(scene, image, around, shot, azimuth)
        except photo.NoGround as error:
            self.report({"WARNING"}, str(error))
            return {"CANCELLED"}
        is_lit_by_hand = lighting.has_lights(scene) and not lighting.has_rig(scene)
        if self.light and not is_lit_by_hand:
            light_like(scene, image, around, azimuth)
        if compat.use_cycles(scene):
            self.report({"INFO"}, tr("The render engine is Cycles now, which catches shadows."))
        else:
            self.report({"INFO"}, tr("The camera is {height} above the ground.").format(height=f"{above:.2f}"))
        return {"FINISHED"}


CLASSES = (DREAMFUSION_OT_place_in_photo,)
