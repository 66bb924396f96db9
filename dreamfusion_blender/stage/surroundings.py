"""What is around a place in the scene: bounding boxes of the visible objects, and the surfaces below a point.

Works on bounding boxes, and casts rays at the few objects below a point only. It hides nothing, because changes of visibility
make Blender rebuild the relations of all objects.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np
from mathutils import Matrix, Vector

from ..core.naming import JOB_PROPERTY

UP = Vector((0.0, 0.0, 1.0))
SURFACES = ("MESH", "CURVE", "SURFACE", "FONT", "META")
# A ray into a mesh with more faces would build a search tree for seconds. Its vertices are used instead.
MAX_RAY_FACES = 100_000
NEAREST = 32  # vertices


@dataclass(frozen=True)
class Surface:
    """A surface below a point. Without an object, it is the ground, or the height of the point."""

    place: Vector
    normal: Vector
    thing: int | None = None  # index of the object


class Surroundings:
    """The objects of a view layer, except those in `ignored`.

    The view layer must be up to date.

    Attributes:
        things: Objects with a surface, and the members of collection instances.
        low, high: World-space bounding boxes of `things`, [N, 3].
    """

    def __init__(self, view_layer: bpy.types.ViewLayer, ignored: Iterable[bpy.types.Object]) -> None:
        self._view_layer = view_layer
        self._depsgraph = view_layer.depsgraph
        self._ignored = set(ignored)
        self.things: list[bpy.types.Object] = []
        self._instances: dict[int, tuple[Matrix, bpy.types.Object]] = {}  # of members: transform and instancing object
        self.low, self.high = np.empty((0, 3)), np.empty((0, 3))
        self._read_objects()
        self._read_instances()

    def _read_objects(self) -> None:
        objects: Any = self._view_layer.objects
        count = len(objects)
        boxes, matrices, kinds = (
            np.empty(count * 24, np.float32),
            np.empty(count * 16, np.float32),
            np.empty(count, "i"),
        )
        objects.foreach_get("bound_box", boxes)
        objects.foreach_get("matrix_world", matrices)
        objects.foreach_get("type", kinds)
        known = bpy.types.Object.bl_rna.properties["type"].enum_items  # type: ignore[attr-defined]
        is_surface = np.isin(kinds, [known[name].value for name in SURFACES])
        chosen = np.flatnonzero(is_surface)
        transforms = matrices.reshape(-1, 4, 4)[chosen]  # transposed
        ends = boxes.reshape(-1, 8, 3)[chosen][:, (0, 6)]
        center, half = ends.mean(1)[:, None], np.abs(ends[:, 1:] - ends[:, :1]) / 2
        middle = (center @ transforms[:, :3, :3])[:, 0] + transforms[:, 3, :3]
        reach = (half @ np.abs(transforms[:, :3, :3]))[:, 0]
        everything = list(objects)
        self.things = [everything[n] for n in chosen]
        self._empties = [everything[n] for n in np.flatnonzero(kinds == known["EMPTY"].value)]
        viewers = np.flatnonzero(np.isin(kinds, [known[name].value for name in ("CAMERA", "LIGHT")]))
        self._viewers = [everything[n].matrix_world.translation for n in viewers]
        self.low, self.high = middle - reach, middle + reach

    def _read_instances(self) -> None:
        boxes = []
        for owner in self._empties:
            if owner.instance_type != "COLLECTION" or owner.instance_collection is None:
                continue
            for obj, matrix in _members(owner.instance_collection, owner.matrix_world.copy()):
                corners = np.array([matrix @ Vector(corner) for corner in obj.bound_box])
                self._instances[len(self.things)] = (matrix, owner)
                self.things.append(obj)
                boxes.append((corners.min(0), corners.max(0)))
        if boxes:
            self.low = np.concatenate((self.low, [low for low, _ in boxes]))
            self.high = np.concatenate((self.high, [high for _, high in boxes]))

    def is_present(self, number: int) -> bool:
        """Whether an object is visible and not ignored."""
        owner = self._instances[number][1] if number in self._instances else self.things[number]
        return owner not in self._ignored and owner.visible_get(view_layer=self._view_layer)

    def surface_below(self, point: Vector, reach: float) -> Surface:
        """The first surface at or below a point, from `reach` above it.

        Surfaces inside of solid objects do not count. Without a surface, it is the ground (z = 0) if it is below the point,
        otherwise the point itself.
        """
        best: Surface | None = None
        start = point + reach * UP
        for number in self._below(start):
            top = min(self.high[number, 2], start.z)
            if best is not None and top < best.place.z:
                continue
            found, is_inside = self._column(number, start)
            if found is None or (is_inside and not self._is_room(number)):
                continue
            if best is None or found[0].z > best.place.z:
                best = Surface(found[0], found[1] if found[1].z > 0 else -found[1], number)
        if best is not None:
            return best
        return Surface(Vector((point.x, point.y, 0.0)) if point.z >= 0 else point.copy(), UP.copy())

    def is_inside(self, number: int, point: Vector) -> bool:
        """Whether a point is inside of a closed object."""
        is_near = _is_between(point, self.low[number], self.high[number])
        return is_near and self._column(number, point)[1]

    def has_contents(self, number: int) -> bool:
        """Whether the center of another surface, a camera or a light is in the box of an object."""
        low, high = self.low[number], self.high[number]
        centers = (self.low + self.high) / 2
        inside = ((centers > low) & (centers < high)).all(1)
        inside[number] = False
        if any(self.is_present(int(n)) for n in np.flatnonzero(inside)):
            return True
        return any(_is_between(place, low, high) for place in self._viewers)

    def _is_room(self, number: int) -> bool:
        return self.things[number].get(JOB_PROPERTY) is None and self.has_contents(number)

    def _below(self, start: Vector) -> list[int]:
        """The present objects whose boxes are below a point, the highest first."""
        point = np.array(start.xy)
        near = (self.low[:, :2] <= point).all(1) & (self.high[:, :2] >= point).all(1)
        near &= self.low[:, 2] <= start.z
        found = np.flatnonzero(near)
        return [int(n) for n in found[np.argsort(-self.high[found, 2])] if self.is_present(int(n))]

    def _column(self, number: int, start: Vector) -> tuple[tuple[Vector, Vector] | None, bool]:
        """Position and normal of an object's surface below a point, and whether the point is inside of the object."""
        obj = self.things[number]
        matrix = self._instances[number][0] if number in self._instances else obj.matrix_world
        evaluated = obj.evaluated_get(self._depsgraph)
        mesh = evaluated.data
        if obj.type == "MESH" and len(mesh.polygons) > MAX_RAY_FACES:
            return _vertex_column(mesh, matrix, start)
        below = _cast(evaluated, matrix, start, -UP)
        if below is None or below[1].z > 0:
            return below, False
        return below, _cast(evaluated, matrix, start, UP) is not None


def view_layer_of(scene: bpy.types.Scene) -> bpy.types.ViewLayer:
    """The view layer that a window shows, or the first one of the scene."""
    for window in bpy.context.window_manager.windows:
        if window.scene == scene:
            return window.view_layer
    return scene.view_layers[0]


def _members(
    collection: bpy.types.Collection, matrix: Matrix, depth: int = 4
) -> Iterator[tuple[bpy.types.Object, Matrix]]:
    """The surfaces of an instanced collection, and their transforms."""
    inner = matrix @ Matrix.Translation(-collection.instance_offset)
    for obj in collection.all_objects:
        if obj.type in SURFACES:
            yield obj, inner @ obj.matrix_world
        elif obj.instance_type == "COLLECTION" and obj.instance_collection is not None and depth:
            yield from _members(obj.instance_collection, inner @ obj.matrix_world, depth - 1)


def _cast(obj: bpy.types.Object, matrix: Matrix, start: Vector, direction: Vector) -> tuple[Vector, Vector] | None:
    """Where a ray hits an evaluated object, and the normal there; None if it does not."""
    inverse = matrix.inverted_safe()
    try:
        is_hit, place, normal, _ = obj.ray_cast(inverse @ start, inverse.to_3x3() @ direction)
    except RuntimeError:  # no surface
        return None
    if not is_hit:
        return None
    return matrix @ place, (inverse.to_3x3().transposed() @ normal).normalized()


def _vertex_column(mesh: Any, matrix: Matrix, start: Vector) -> tuple[tuple[Vector, Vector] | None, bool]:
    """Like `Surroundings._column`, from the heights of the vertices around the vertical line through a point."""
    flat = np.empty(3 * len(mesh.vertices), np.float32)
    mesh.attributes["position"].data.foreach_get("vector", flat)
    transform = np.array(matrix, np.float32)
    points = flat.reshape(-1, 3)
    across = np.hypot(*(points @ transform[:2, :3].T + transform[:2, 3] - np.array(start.xy, np.float32)).T)
    nearest = np.argpartition(across, NEAREST)[:NEAREST]
    spacing = float(across[nearest].max())
    heights = np.sort(points[nearest] @ transform[2, :3] + transform[2, 3])
    levels = [float(level.mean()) for level in np.split(heights, np.flatnonzero(np.diff(heights) > 4 * spacing) + 1)]
    below = [level for level in levels if level <= start.z + spacing]
    place = (Vector((start.x, start.y, max(below))), UP.copy()) if below else None
    return place, len(below) < len(levels)


def _is_between(point: Iterable[float], low: np.ndarray, high: np.ndarray) -> bool:
    return all(a < value < b for value, a, b in zip(point, low, high, strict=True))
