"""Cameras that frame objects completely."""

from __future__ import annotations

import math

import bpy

from .bounds import Bounds
from .lighting import aim, direction

MARGIN = 1.15  # size of the view relative to the objects


def half_angle(camera: bpy.types.Camera, scene: bpy.types.Scene) -> float:
    """Half of the field of view along the shorter side of the image, in radians."""
    render = scene.render
    width = render.resolution_x * render.pixel_aspect_x
    height = render.resolution_y * render.pixel_aspect_y
    sensor = camera.sensor_height if camera.sensor_fit == "VERTICAL" else camera.sensor_width
    sensor_pixels = {"HORIZONTAL": width, "VERTICAL": height}.get(camera.sensor_fit, max(width, height))
    return math.atan(sensor / (2 * camera.lens) * min(width, height) / sensor_pixels)


def look_from(
    camera: bpy.types.Object, scene: bpy.types.Scene, around: Bounds, azimuth: float, elevation: float
) -> None:
    """Places a perspective camera so that the bounding sphere of `around` is in view. Angles in radians."""
    distance = MARGIN * around.radius / math.sin(half_angle(camera.data, scene))
    camera.location = around.center + distance * direction(azimuth, elevation)
    aim(camera, around.center)
    camera.data.clip_start, camera.data.clip_end = distance / 100, max(100.0, distance * 20)


def new_camera(name: str, lens: float) -> bpy.types.Object:
    data = bpy.data.cameras.new(name)
    data.lens = lens
    return bpy.data.objects.new(name, data)
