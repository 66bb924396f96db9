"""Objects in a photo: a camera that matches it, a ground that catches shadows, its light, and the photo behind the render.

`scene.dreamfusion_photo` holds the settings (see `photo_settings`). Everything is made again from them: `adjust` after a change,
`remove` when the photo is removed.
"""

from __future__ import annotations

import math
from typing import Any

import bpy
from mathutils import Matrix, Vector

from ..core import photo
from ..core.photo import NoGround, PhotoCamera
from ..core.translate import tr
from . import backdrop, bounds, lighting, restoring
from .bounds import Bounds

MARK = "dreamfusion_photo"  # property of the data-blocks of a photo
HIDDEN = "dreamfusion_hidden"  # property of lights that the photo's light replaces: [hide_render, hide_viewport] before
COLOR_OF = "dreamfusion_color_of"  # property of the world of the light: the image that it has the color of
SENSOR_MM = 36.0  # full frame, so that focal lengths are 35 mm equivalents
GROUND_RADII = 25.0  # half the side of the ground plane, in radii of the objects
PHOTO_LIGHT = 0.7  # factor for the sun rig and for the photo's mean color, which already includes lit surfaces
SCENE_SETTINGS = {
    "render.resolution_percentage": 100,
    "render.pixel_aspect_x": 1.0,
    "render.pixel_aspect_y": 1.0,
    "render.use_border": False,
    "render.film_transparent": True,
    "render.use_compositing": True,
    "render.engine": "CYCLES",  # supports shadow catchers
    # Other view transforms and corrections would change the colors of the photo.
    "view_settings.view_transform": "Standard",
    "view_settings.look": "None",
    "view_settings.exposure": 0.0,
    "view_settings.gamma": 1.0,
    "view_settings.use_curve_mapping": False,
}


class BadPhoto(ValueError):
    """The image cannot be read. The message is for the user."""


def settings_of(scene: bpy.types.Scene) -> Any:
    """The settings of the scene's photo. `is_active` tells whether there is one."""
    return scene.dreamfusion_photo  # type: ignore[attr-defined]


def place(scene: bpy.types.Scene, around: Bounds, azimuth: float, *, light: bool) -> None:
    """Shows the photo of the settings behind objects. They do not move.

    Args:
        around: Bounds of the objects.
        azimuth: Direction from which the photo shows them, in radians.
        light: Adds the photo's light if the scene has no lights, and keeps it on.

    Raises:
        BadPhoto, NoGround: The photo or the settings do not fit. Nothing has changed.
    """
    settings = settings_of(scene)
    camera = _match(settings, around.size.z)
    was_lit = settings.is_active and settings.light
    settings.light = False
    _remove_objects(scene)
    if not settings.is_active:
        settings.camera_before = scene.camera
        settings.has_made_compositor = backdrop.is_missing(scene)
    settings.is_active = True
    settings.base, settings.tall, settings.radius = around.bottom, around.size.z, around.radius
    settings.azimuth = azimuth
    _add_ground(scene, around)
    _show(scene, *camera, is_new=True)
    scene.camera = settings.camera
    settings.light = light and (was_lit or not settings.has_other_lights)


def adjust(scene: bpy.types.Scene) -> None:
    """Applies changed settings. If they do not fit, `problem` of the settings gives the reason, and nothing changes."""
    settings = settings_of(scene)
    if not settings.is_active:
        return
    try:
        _show(scene, *_match(settings, settings.tall))
    except (BadPhoto, NoGround) as error:
        settings.problem = str(error)


def remove(scene: bpy.types.Scene) -> None:
    """Removes the photo, and restores the camera, the lights and the settings of the scene."""
    settings = settings_of(scene)
    image, before, is_camera_ours = settings.image, settings.camera_before, scene.camera == settings.camera
    settings.light = False
    _remove_objects(scene)
    if is_camera_ours or scene.camera is None:
        scene.camera = before if before is not None and before.name in scene.objects else None
    backdrop.remove(scene, is_whole=settings.has_made_compositor)
    restoring.restore(scene, settings.changes)
    settings.is_active = settings.has_other_lights = False
    settings.image = settings.camera = settings.camera_before = None
    settings.changes = settings.problem = ""
    if image is not None and not image.users:
        bpy.data.images.remove(image)


def switch_light(scene: bpy.types.Scene) -> None:
    """Adds or removes the photo's light, as the settings say. The other lights of the scene are hidden meanwhile."""
    settings = settings_of(scene)
    lighting.remove(scene, MARK)
    for obj in [obj for obj in scene.objects if obj.get(HIDDEN) is not None]:
        obj.hide_render, obj.hide_viewport = (bool(value) for value in obj[HIDDEN])
        del obj[HIDDEN]
    settings.has_other_lights = lighting.has_lights(scene) or lighting.has_rig(scene)
    if not settings.light or not settings.is_active:
        return
    for obj in scene.objects:
        if obj.type == "LIGHT":
            obj[HIDDEN] = [obj.hide_render, obj.hide_viewport]
            obj.hide_render = obj.hide_viewport = True
    top = Vector(settings.base) + Vector((0.0, 0.0, settings.tall))
    half = Vector((settings.radius, settings.radius, 0.0))
    around = Bounds(Vector(settings.base) - half, top + half, settings.radius)
    lighting.build(scene, around, "SUN", settings.azimuth, PHOTO_LIGHT, MARK)
    _color_light(scene)


def azimuth_of(camera: bpy.types.Object | None, around: Bounds) -> float:
    """Azimuth from which the objects are seen. For a photo's camera, the direction of its optical axis."""
    if camera is not None and camera.get(MARK):
        return float(camera.rotation_euler.z)
    return bounds.camera_azimuth(camera, around.center)


def _match(settings: Any, tall: float) -> tuple[PhotoCamera, float]:
    """The camera of the photo, and its height above the ground in scene units.

    Raises:
        BadPhoto, NoGround: The photo or the settings do not fit.
    """
    image = settings.image
    if image is None or not all(image.size):
        text = tr("Cannot read the photo {path}. Choose an image file.")
        raise BadPhoto(text.format(path=(image.filepath or image.name) if image is not None else "-"))
    camera = photo.photo_camera(settings.lens, SENSOR_MM, settings.horizon, *image.size)
    return camera, photo.height_for(camera, tuple(settings.foot), tall, settings.height)


def _show(scene: bpy.types.Scene, camera: PhotoCamera, above: float, *, is_new: bool = False) -> None:
    """Sets up the camera, the render settings and the compositor."""
    settings = settings_of(scene)
    right, forward, up = (above * value for value in camera.ground_at(*settings.foot))
    body, image = _camera_of(scene), settings.image
    base = Vector(settings.base)
    body.data.lens = settings.lens
    body.location = base - Matrix.Rotation(settings.azimuth, 3, "Z") @ Vector((right, forward, up))
    body.rotation_euler = (math.pi / 2 + camera.tilt, 0.0, settings.azimuth)
    distance = (body.location - base - Vector((0.0, 0.0, settings.tall / 2))).length
    body.data.clip_start, body.data.clip_end = distance / 1000, distance * 100
    backdrop.show_in_camera(body.data, image)
    width, height = image.size
    wanted: dict[str, Any] = {"render.resolution_x": width, "render.resolution_y": height}
    if is_new:
        wanted |= SCENE_SETTINGS
    elif [width, height] == list(settings.size):
        wanted = {}  # the user's later changes stay
    settings.changes = restoring.change(scene, wanted, settings.changes)
    settings.size = width, height
    backdrop.compose(scene, image)
    _color_light(scene)
    settings.above, settings.problem = above, ""


def _camera_of(scene: bpy.types.Scene) -> bpy.types.Object:
    """The camera of the photo. A deleted one is made again."""
    settings = settings_of(scene)
    body = settings.camera
    if body is None or body.name not in scene.objects:
        _remove_deleted_camera(scene)
        body = bpy.data.objects.new("Photo Camera", bpy.data.cameras.new("Photo Camera"))
        body[MARK] = True
        body.data.sensor_fit, body.data.sensor_width = "AUTO", SENSOR_MM
        scene.collection.objects.link(body)
        scene.camera = settings.camera = body
    return body  # type: ignore[no-any-return]


def _add_ground(scene: bpy.types.Scene, around: Bounds) -> None:
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
    scene.collection.objects.link(ground)


def _remove_objects(scene: bpy.types.Scene) -> None:
    """Removes the camera and the ground. Objects that another scene also shows are only unlinked."""
    for obj in [obj for obj in scene.objects if obj.get(MARK) and obj.type in ("CAMERA", "MESH")]:
        if len(obj.users_scene) > 1:
            for collection in [
                c for c in (scene.collection, *scene.collection.children_recursive) if obj.name in c.objects
            ]:
                collection.objects.unlink(obj)
            continue
        _remove_object(obj)
    _remove_deleted_camera(scene)


def _remove_deleted_camera(scene: bpy.types.Scene) -> None:
    """Removes a camera that the user has deleted, which the settings keep in the file."""
    settings = settings_of(scene)
    body, settings.camera = settings.camera, None
    if body is not None and not body.users_scene:
        _remove_object(body)


def _remove_object(obj: bpy.types.Object) -> None:
    data = obj.data
    bpy.data.objects.remove(obj)
    if data is not None and not data.users:
        (bpy.data.cameras if isinstance(data, bpy.types.Camera) else bpy.data.meshes).remove(data)


def _color_light(scene: bpy.types.Scene) -> None:
    """Gives the world of the photo's light the photo's mean color."""
    world, image = scene.world, settings_of(scene).image
    if world is None or not world.get(MARK) or world.get(COLOR_OF) == image:
        return
    background = next(node for node in world.node_tree.nodes if node.type == "BACKGROUND")
    background.inputs["Color"].default_value = (*backdrop.mean_color(image), 1.0)
    background.inputs["Strength"].default_value = PHOTO_LIGHT
    world[COLOR_OF] = image
