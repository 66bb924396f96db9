"""How large objects are and where: what lights, cameras and floors go by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import bpy
import numpy as np
from mathutils import Matrix, Vector


@dataclass(frozen=True)
class Bounds:
    """The upright box around objects in the world, and the radius of the sphere around its middle that holds them."""

    low: Vector
    high: Vector
    radius: float

    @property
    def center(self) -> Vector:
        return (self.low + self.high) / 2

    @property
    def foot(self) -> Vector:
        """The middle of the underside."""
        return Vector((self.center.x, self.center.y, self.low.z))

    @property
    def size(self) -> Vector:
        return self.high - self.low


def of(objects: Iterable[bpy.types.Object], turn: Matrix | None = None) -> Bounds | None:
    """None when there is no mesh with vertices among `objects`. turn: looks at the world through this rotation."""
    clouds = [points for obj in objects if (points := world_points(obj)) is not None]
    if not clouds:
        return None
    points = np.concatenate(clouds)
    if turn is not None:
        points = points @ np.array(turn.to_3x3()).T
    low, high = points.min(0), points.max(0)
    radius = float(np.linalg.norm(points - (low + high) / 2, axis=1).max())
    return Bounds(Vector(low), Vector(high), max(radius, 1e-6))


def world_points(obj: bpy.types.Object) -> np.ndarray | None:
    """[N, 3] vertices of a mesh object in the world, before modifiers."""
    if obj.type != "MESH" or not len(obj.data.vertices):
        return None
    flat = np.empty(3 * len(obj.data.vertices), np.float32)
    obj.data.vertices.foreach_get("co", flat)
    matrix = np.array(obj.matrix_world)
    points: np.ndarray = flat.reshape(-1, 3) @ matrix[:3, :3].T + matrix[:3, 3]
    return points


def chosen(context: bpy.types.Context) -> list[bpy.types.Object]:
    """The selected meshes that a picture shows, the active one first; the active one alone when it is not selected."""
    active = context.view_layer.objects.active
    meshes = [obj for obj in context.selected_objects if is_subject(obj)]
    if not meshes and active is not None and is_subject(active):
        meshes = [active]
    return sorted(meshes, key=lambda obj: obj != active)


def is_subject(obj: bpy.types.Object) -> bool:
    """A mesh that is the matter of a picture, not the floor that catches its shadow."""
    return obj.type == "MESH" and bool(len(obj.data.vertices)) and not obj.is_shadow_catcher


def camera_azimuth(camera: bpy.types.Object | None, center: Sequence[float]) -> float:
    """From where on the horizon a camera looks at `center`: 0 is the front (-y), growing towards +x; radians."""
    if camera is None:
        return 0.0
    away = camera.matrix_world.translation - Vector(center)
    return float(np.arctan2(away.x, -away.y)) if away.xy.length > 1e-6 else 0.0
