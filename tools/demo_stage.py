"""The scene that `build.py demo` renders: a backdrop, three lights and a camera around one object. Runs in Blender."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import bmesh
import bpy
from mathutils import Vector

CAMERA_AZIMUTH_DEG, CAMERA_ELEVATION_DEG = 32.0, 18.0  # from the front (-y) to the right: a three-quarter view
FRAME_MARGIN = 1.25  # width of the image, relative to the object
# Name, azimuth and elevation (degrees), distance and size (object radii), power at radius 1 (watts), color.
LIGHTS = (
    ("Key", -38.0, 48.0, 4.0, 2.2, 170.0, (1.0, 0.95, 0.88)),
    ("Fill", 75.0, 22.0, 4.5, 3.5, 60.0, (0.86, 0.92, 1.0)),
    ("Rim", 165.0, 50.0, 4.0, 1.5, 170.0, (1.0, 1.0, 1.0)),
)
BACKDROP_COLOR = (0.30, 0.32, 0.36, 1.0)  # linear light
WORLD_COLOR, WORLD_STRENGTH = (0.75, 0.82, 0.9, 1.0), 0.25


def surface_points(target: bpy.types.Object, most: int = 2000) -> list[Vector]:
    """Vertices of a mesh object in world space; of a large mesh, about `most` evenly spaced ones."""
    vertices = target.data.vertices
    return [target.matrix_world @ vertices[i].co for i in range(0, len(vertices), 1 + len(vertices) // most)]


def build_stage(
    scene: bpy.types.Scene,
    targets: Sequence[bpy.types.Object],
    size_px: tuple[int, int] = (640, 640),
    azimuth_deg: float = CAMERA_AZIMUTH_DEG,
    elevation_deg: float = CAMERA_ELEVATION_DEG,
) -> None:
    """Adds backdrop, lights and camera around the objects, scaled to their size.

    Args:
        size_px: width and height of the image.
        azimuth_deg, elevation_deg: of the camera.
    """
    scene.render.resolution_x, scene.render.resolution_y = size_px
    scene.render.resolution_percentage = 100
    bpy.context.view_layer.update()
    points = [point for target in targets for point in surface_points(target)]
    low, high = (Vector(pick(axis) for axis in zip(*points, strict=True)) for pick in (min, max))
    center = (low + high) / 2
    radius = max((point - center).length for point in points)
    stage = bpy.data.collections.new("Stage")
    scene.collection.children.link(stage)
    stage.objects.link(_backdrop(Vector((center.x, center.y, low.z)), radius, azimuth_deg))
    for light in LIGHTS:
        stage.objects.link(_light(light, center, radius))
    camera = _camera(center, radius, _direction(azimuth_deg, elevation_deg))
    stage.objects.link(camera)
    scene.camera = camera
    _frame(camera, points, center)
    _world(scene)


def _direction(azimuth_deg: float, elevation_deg: float) -> Vector:
    """The unit vector from the object. Azimuth 0 is the front (-y) and increases towards +x."""
    azimuth, elevation = math.radians(azimuth_deg), math.radians(elevation_deg)
    flat = math.cos(elevation)
    return Vector((flat * math.sin(azimuth), -flat * math.cos(azimuth), math.sin(elevation)))


def _look_at(thing: bpy.types.Object, point: Vector) -> None:
    thing.rotation_euler = (point - thing.location).to_track_quat("-Z", "Y").to_euler()


def _light(values: tuple, center: Vector, radius: float) -> bpy.types.Object:
    name, azimuth, elevation, distance, size, watts, color = values
    data: Any = bpy.data.lights.new(name, "AREA")
    data.shape, data.size, data.color = "DISK", size * radius, color
    data.energy = watts * radius**2  # the same brightness for every object size
    light = bpy.data.objects.new(name, data)
    light.location = center + distance * radius * _direction(azimuth, elevation)
    _look_at(light, center)
    return light


def _camera(center: Vector, radius: float, direction: Vector) -> bpy.types.Object:
    data = bpy.data.cameras.new("Camera")
    data.lens = 65.0
    data.clip_start, data.clip_end = radius / 100, radius * 100
    camera = bpy.data.objects.new("Camera", data)
    camera.location = center + 5 * radius * direction
    _look_at(camera, center)
    return camera


def _frame(camera: bpy.types.Object, points: list[Vector], center: Vector) -> None:
    bpy.context.view_layer.update()
    numbers = [number for point in points for number in (center + FRAME_MARGIN * (point - center)).to_tuple()]
    camera.location, _ = camera.camera_fit_coords(bpy.context.evaluated_depsgraph_get(), numbers)


def _backdrop(floor: Vector, radius: float, azimuth_deg: float) -> bpy.types.Object:
    """A floor that curves up into a wall behind the object."""
    half_width, front, back, bend = 40 * radius, -30 * radius, 9 * radius, 5 * radius
    profile = [(front, 0.0), (back - bend, 0.0)]
    for step in range(1, 25):
        angle = math.radians(90 * step / 24)
        profile.append((back - bend + bend * math.sin(angle), bend * (1 - math.cos(angle))))
    profile.append((back, 25 * radius))
    mesh = bpy.data.meshes.new("Backdrop")
    shape = bmesh.new()
    rows = [[shape.verts.new((x, y, z)) for x in (-half_width, half_width)] for y, z in profile]
    for below, above in itertools.pairwise(rows):
        shape.faces.new((below[0], below[1], above[1], above[0])).smooth = True
    shape.to_mesh(mesh)
    shape.free()
    backdrop = bpy.data.objects.new("Backdrop", mesh)
    backdrop.location = floor
    # Rotated with the camera, so that the wall is behind the object in the image.
    backdrop.rotation_euler.z = math.radians(azimuth_deg)
    material = bpy.data.materials.new("Backdrop")
    if bpy.app.version < (5, 0, 0):
        material.use_nodes = True
    shader = next(node for node in material.node_tree.nodes if node.type == "BSDF_PRINCIPLED")
    shader.inputs["Base Color"].default_value = BACKDROP_COLOR
    shader.inputs["Roughness"].default_value = 0.9
    mesh.materials.append(material)
    return backdrop


def _world(scene: bpy.types.Scene) -> None:
    world = scene.world or bpy.data.worlds.new("World")
    scene.world = world
    if bpy.app.version < (5, 0, 0):
        world.use_nodes = True
    background = next(node for node in world.node_tree.nodes if node.type == "BACKGROUND")
    background.inputs["Color"].default_value = WORLD_COLOR
    background.inputs["Strength"].default_value = WORLD_STRENGTH


def render(scene: bpy.types.Scene, picture: Path, samples: int = 32) -> None:
    """Renders the scene to a PNG with Cycles on the CPU."""
    bpy.ops.preferences.addon_enable(module="cycles")
    scene.render.engine = "CYCLES"  # type: ignore[assignment]  # the stubs list only built-in engines
    scene.cycles.device = "CPU"
    scene.cycles.samples = samples
    scene.cycles.use_denoising = True
    try:
        scene.cycles.denoiser = "OPENIMAGEDENOISE"
    except TypeError:  # this build of Blender has no denoiser
        scene.cycles.use_denoising = False
        scene.cycles.samples = 4 * samples
    scene.render.image_settings.file_format = "PNG"
    scene.view_settings.view_transform = "AgX"
    scene.view_settings.look = "AgX - Punchy"
    scene.render.filepath = str(picture)
    bpy.ops.render.render(write_still=True)
