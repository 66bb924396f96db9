"""Sizes and positions of objects in world space, for lights, cameras and placement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import bpy
import numpy as np
from mathutils import Matrix, Vector


@dataclass(frozen=True)
class Bounds:
    """World-space bounding box of objects, and the radius of the bounding sphere around its center."""

    low: Vector
    high: Vector
    radius: float

    @property
    def center(self) -> Vector:
        return (self.low + self.high) / 2

    @property
    def bottom(self) -> Vector:
        """Center of the bottom face."""
        return Vector((self.center.x, self.center.y, self.low.z))

    @property
    def size(self) -> Vector:
        return self.high - self.low


def measure(objects: Iterable[bpy.types.Object], rotation: Matrix | None = None) -> Bounds | None:
    """Bounds of the meshes among `objects`, after a rotation of the world. None if they have no vertices."""
    clouds = [points for obj in objects if (points := world_points(obj)) is not None]
    if not clouds:
        return None
    points = np.concatenate(clouds)
    if rotation is not None:
        points = points @ np.array(rotation.to_3x3()).T
    low, high = points.min(0), points.max(0)
    radius = float(np.linalg.norm(points - (low + high) / 2, axis=1).max())
    return Bounds(Vector(low), Vector(high), max(radius, 1e-6))


def world_points(obj: bpy.types.Object) -> np.ndarray | None:
    """Vertices of a mesh object in world space before modifiers, [N, 3]."""
    if obj.type != "MESH" or not len(obj.data.vertices):
        return None
    flat = np.empty(3 * len(obj.data.vertices), np.float32)
    obj.data.vertices.foreach_get("co", flat)
    matrix = np.array(obj.matrix_world)
    points: np.ndarray = flat.reshape(-1, 3) @ matrix[:3, :3].T + matrix[:3, 3]
    return points


def selected_meshes(context: bpy.types.Context) -> list[bpy.types.Object]:
    """The selected meshes, the active one first. Without a selection, the active object if it is a mesh."""
    active = context.view_layer.objects.active
    meshes = [obj for obj in context.selected_objects if is_subject(obj)]
    if not meshes and active is not None and is_subject(active):
        meshes = [active]
    return sorted(meshes, key=lambda obj: obj != active)


def is_subject(obj: bpy.types.Object) -> bool:
    """Whether an object is a mesh with vertices and not a shadow catcher."""
    return obj.type == "MESH" and bool(len(obj.data.vertices)) and not obj.is_shadow_catcher


def camera_azimuth(camera: bpy.types.Object | None, center: Sequence[float]) -> float:
    """Azimuth of a camera as seen from `center`, in radians: 0 is the front (-y), increasing towards +x."""
    if camera is None:
        return 0.0
    offset = camera.matrix_world.translation - Vector(center)
    return float(np.arctan2(offset.x, -offset.y)) if offset.xy.length > 1e-6 else 0.0


def meters_per_unit(scene: bpy.types.Scene) -> float:
    """Length of one unit of a scene. Without a unit system, it is one meter."""
    units = scene.unit_settings
    return float(units.scale_length) if units.system != "NONE" else 1.0
