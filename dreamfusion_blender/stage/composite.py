"""Places objects in a photo: matches its camera, ground and light."""

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
from . import backdrop, bounds, lighting
from .bounds import Bounds

MARK = "dreamfusion_photo"  # property of the camera and the ground of a photo
SENSOR_MM = 36.0  # full frame, so that focal lengths are 35 mm equivalents
GROUND_RADII = 25.0  # half the side of the ground plane, in radii of the objects
PHOTO_LIGHT = 0.7  # factor for the sun rig and for the photo's mean color, which already includes lit surfaces


@dataclass(frozen=True)
class Shot:
    """What the user reads off the photo, in fractions of its width and height from the bottom left."""

    ground_point: tuple[float, float]
    height: float
    horizon: float
    lens_mm: float


def place(scene: bpy.types.Scene, image: bpy.types.Image, around: Bounds, shot: Shot, azimuth: float) -> float:
    """Sets up the camera, the ground and the render settings for a photo. The objects do not move.

    Returns:
        Height of the camera above the ground, in scene units.

    Raises:
        photo.NoGround: No camera matches the shot.
    """
    width, height = image.size
    camera = photo.photo_camera(shot.lens_mm, SENSOR_MM, shot.horizon, width, height)
    above = photo.height_for(camera, shot.ground_point, around.size.z, shot.height)
    right, forward, up = (above * value for value in camera.ground_at(*shot.ground_point))
    remove(scene)
    rotation = Matrix.Rotation(azimuth, 4, "Z")
    body = bpy.data.objects.new("Photo Camera", bpy.data.cameras.new("Photo Camera"))
    body[MARK] = True
    body.data.sensor_fit, body.data.sensor_width, body.data.lens = "AUTO", SENSOR_MM, shot.lens_mm
    body.location = around.bottom - rotation.to_3x3() @ Vector((right, forward, up))
    body.rotation_euler = (math.pi / 2 + camera.tilt, 0.0, azimuth)
    distance = (body.location - around.center).length
    body.data.clip_start, body.data.clip_end = distance / 1000, distance * 100
    scene.collection.objects.link(body)
    scene.collection.objects.link(_ground(around))
    scene.camera = body
    backdrop.show_in_camera(body.data, image)
    render = scene.render
    render.resolution_x, render.resolution_y, render.resolution_percentage = width, height, 100
    render.pixel_aspect_x = render.pixel_aspect_y = 1.0
    render.film_transparent = True
    render.use_compositing = True
    scene.view_settings.view_transform = "Standard"  # other transforms would apply a second tone mapping to the photo
    scene.view_settings.look = "None"
    backdrop.compose(scene, image)
    return above


def remove(scene: bpy.types.Scene) -> None:
    """Removes the camera and the ground of the previous photo."""
    for obj in [obj for obj in scene.objects if obj.get(MARK)]:
        data = obj.data
        bpy.data.objects.remove(obj)
        if data is not None and not data.users:
            (bpy.data.cameras if isinstance(data, bpy.types.Camera) else bpy.data.meshes).remove(data)


def _ground(around: Bounds) -> bpy.types.Object:
    """A plane that shows only the shadows on it."""
    half = GROUND_RADII * around.radius
    mesh = bpy.data.meshes.new("Shadow Catcher")
    corners = [(-half, -half, 0.0), (half, -half, 0.0), (half, half, 0.0), (-half, half, 0.0)]
    mesh.from_pydata(corners, [], [(0, 1, 2, 3)])
    ground = bpy.data.objects.new("Shadow Catcher", mesh)
    ground.location = around.bottom
    ground.is_shadow_catcher = True
    ground.display_type = "WIRE"
    ground[MARK] = True
    return ground


def light_like(scene: bpy.types.Scene, image: bpy.types.Image, around: Bounds, azimuth: float) -> None:
    """Adds a sun from the left and ambient light in the photo's mean color."""
    lighting.apply(scene, around, "SUN", azimuth, PHOTO_LIGHT)
    background = next(node for node in scene.world.node_tree.nodes if node.type == "BACKGROUND")
    background.inputs["Color"].default_value = (*backdrop.mean_color(image), 1.0)
    background.inputs["Strength"].default_value = PHOTO_LIGHT


def _azimuth(camera: bpy.types.Object | None, around: Bounds) -> float:
    """Azimuth from which the objects are seen. For a photo's camera, the direction of its optical axis."""
    if camera is not None and camera.get(MARK):
        return float(camera.rotation_euler.z)
    return bounds.camera_azimuth(camera, around.center)


class DREAMFUSION_OT_place_in_photo(Operator):
    """Place the selected objects in a photo, with a matching camera, shadows on the ground and the photo as background"""

    bl_idname = "dreamfusion.place_in_photo"
    bl_label = "Place in Photo"
    bl_options = {"REGISTER", "UNDO"}

    filepath: StringProperty(
        name="Photo", description="Image file of the photo", subtype="FILE_PATH", options={"SKIP_SAVE"}
    )
    filter_glob: StringProperty(default="*.jpg;*.jpeg;*.png;*.tif;*.tiff;*.webp;*.bmp;*.exr;*.hdr", options={"HIDDEN"})
    foot: FloatVectorProperty(
        name="Ground Point",
        description="Where the objects touch the ground, as fractions of the photo's width and height from the bottom left",
        size=2,
        default=(0.5, 0.22),
        soft_min=0.0,
        soft_max=1.0,
    )
    height: FloatProperty(
        name="Height",
        description="Height of the objects as a fraction of the photo's height",
        subtype="FACTOR",
        default=0.35,
        min=0.01,
        soft_max=1.0,
    )
    horizon: FloatProperty(
        name="Horizon",
        description="Height of the horizon in the photo, from 0 at the bottom to 1 at the top",
        subtype="FACTOR",
        default=0.55,
        soft_min=0.0,
        soft_max=1.0,
    )
    lens: FloatProperty(
        name="Focal Length",
        description="Focal length, 35 mm equivalent (phones: about 26 mm)",
        unit="CAMERA",
        default=35.0,
        min=8.0,
        soft_max=200.0,
    )
    light: BoolProperty(
        name="Light",
        description="Add a sun and ambient light in the photo's mean color if the scene has no lights",
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
        around = bounds.measure(bounds.selected_meshes(context))
        if around is None:
            self.report({"WARNING"}, tr("Select objects first."))
            return {"CANCELLED"}
        azimuth = _azimuth(scene.camera, around)
        shot = Shot(tuple(self.foot), self.height, self.horizon, self.lens)
        try:
            image = bpy.data.images.load(os.fspath(bpy.path.abspath(self.filepath)), check_existing=True)
            if not all(image.size):
                raise RuntimeError("no image")
        except RuntimeError:
            text = tr("Cannot read the photo {path}. Choose an image file.")
            self.report({"WARNING"}, text.format(path=self.filepath or "-"))
            return {"CANCELLED"}
        try:
            above = place(scene, image, around, shot, azimuth)
        except photo.NoGround as error:
            self.report({"WARNING"}, str(error))
            return {"CANCELLED"}
        has_own_lights = lighting.has_lights(scene) and not lighting.has_rig(scene)
        if self.light and not has_own_lights:
            light_like(scene, image, around, azimuth)
        if compat.use_cycles(scene):
            self.report({"INFO"}, tr("Switched the render engine to Cycles, which supports shadow catchers."))
        else:
            self.report({"INFO"}, tr("Height of the camera above the ground: {height}.").format(height=f"{above:.2f}"))
        return {"FINISHED"}


CLASSES = (DREAMFUSION_OT_place_in_photo,)
