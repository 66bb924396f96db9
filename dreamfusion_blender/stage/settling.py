"""Where new objects stand: on the ground or the surface below a point, next to what is already there."""

from __future__ import annotations

from collections.abc import Iterable

import bpy
import numpy as np
from mathutils import Matrix, Vector

from ..backend.jobs.request import JobRequest
from ..core import free_space, real_sizes
from ..core.naming import JOB_PROPERTY
from ..core.real_sizes import Size
from . import bounds
from .surroundings import UP, Surface, Surroundings, view_layer_of

LIFT = 0.01  # fraction of an object's height; rays start above a point in case it is exactly on a surface
GAP = 0.1  # to the neighbors, as a fraction of the longer side of the footprint
ROOM = 3.0  # an object whose footprint is larger by this factor, and that contains others, is a room
HUGE = 10.0  # an object whose footprint is larger by this factor is terrain, unless the box is inside of it
SKY = 20.0  # a surface below the ground that is this many heights away is the sky
NEAR = 1e-3  # so that the search also ends for a box without size
FAR = 1e6  # in the scene's units
MANY = 500  # objects nearby; examining more takes too long, so all of them are in the way
MAX_DROPS = 6  # free places that are tried at one height
MAX_LEVELS = 3  # heights that are tried


def settle(obj: bpy.types.Object, scene: bpy.types.Scene, point: Iterable[float], size: Size | None = None) -> None:
    """Puts a new object on the surface below a point, or on the nearest free place next to it.

    The origin of the mesh becomes the center of its bottom. The object must have no rotation, scale or parent.

    Args:
        obj: The object, in the scene.
        point: Usually the 3D cursor, in world space.
        size: Size of the object; None keeps it.
    """
    view_layer = view_layer_of(scene)
    view_layer.update()
    around = Surroundings(view_layer, [obj])
    low, high = _prepare(obj, size)
    obj.location = find_place(around, Vector(tuple(point)), low, high)


def size_of(request: JobRequest, scene: bpy.types.Scene) -> Size | None:
    """The size of a request, in the units of a scene; None for the generated size."""
    return real_sizes.of_origin(request.origin, request.prompt, bounds.meters_per_unit(scene))


def find_place(around: Surroundings, point: Vector, low: np.ndarray, high: np.ndarray) -> Vector:
    """Where the origin of a box stands freely, as near to `point` as possible.

    Args:
        low, high: The box relative to its origin, which is at its bottom, [3].
    """
    height = float(high[2] - low[2])
    surface = around.surface_below(point, LIFT * height)
    if surface.place.z < 0 <= point.z and point.z - surface.place.z > SKY * height:
        surface = Surface(Vector((point.x, point.y, 0.0)), UP)
    best = surface.place
    for _ in range(MAX_LEVELS):
        obstacles = Obstacles(around, surface, low, high)
        if not obstacles.block(surface):
            return surface.place
        lower = None
        for x, y in obstacles.free_moves(surface, MAX_DROPS):
            below = around.surface_below(surface.place + Vector((x, y, 0.0)), height)
            if not obstacles.block(below):
                return below.place
            lower = lower or below
        if lower is None:
            break
        surface, best = lower, lower.place  # as on a full table: continue on the floor next to it
    return best


class Obstacles:
    """The objects that a box must not intersect."""

    def __init__(self, around: Surroundings, surface: Surface, low: np.ndarray, high: np.ndarray) -> None:
        self._around, self._low, self._high = around, low, high
        self._middle = surface.place + 0.5 * float(high[2]) * UP
        self._size = high - low
        sizes = around.high - around.low
        self._is_huge = (sizes[:, :2] > HUGE * self._size[:2].max()).all(1)
        self._is_large = (sizes[:, :2] > ROOM * self._size[:2]).all(1) & (sizes[:, 2] > self._size[2])
        self._known: dict[int, bool] = {}

    def block(self, surface: Surface) -> bool:
        """Whether the box would intersect an object if it stood on a surface."""
        base = np.array(surface.place)
        boxes = (self._around.low, self._around.high)
        blocking = np.flatnonzero(free_space.blocks(*boxes, self._low + base, self._high + base))
        return any(self._counts(int(n)) for n in blocking if n != surface.thing)

    def free_moves(self, surface: Surface, most: int) -> list[tuple[float, float]]:
        """Horizontal moves from a surface to free places at the same height, the nearest first."""
        base = np.array(surface.place)
        low, high = self._low + base, self._high + base
        reach = max(4 * float(self._size[:2].max()), NEAR)
        while True:  # with thousands of objects, only those nearby are examined
            window = np.array((reach, reach, 0.0))
            near = np.flatnonzero(free_space.blocks(self._around.low, self._around.high, low - window, high + window))
            chosen = [int(n) for n in near if n != surface.thing and (len(near) > MANY or self._counts(int(n)))]
            boxes = (self._around.low[chosen], self._around.high[chosen])
            moves = list(free_space.free_moves(*boxes, low, high, GAP * float(self._size[:2].max())))[:most]
            if len(near) == len(self._around.low) or max(map(abs, moves[0])) < reach or not reach <= FAR:  # also NaN
                return moves
            reach *= 4

    def _counts(self, number: int) -> bool:
        """Whether an object is in the way: visible, solid, and not the surroundings of the box."""
        if number not in self._known:
            self._known[number] = self._is_in_the_way(number)
        return self._known[number]

    def _is_in_the_way(self, number: int) -> bool:
        obj = self._around.things[number]
        if obj.display_type in ("WIRE", "BOUNDS") or not self._around.is_present(number):
            return False
        if obj.get(JOB_PROPERTY) is not None:  # generated objects are solid
            return True
        if self._is_large[number] and self._around.has_contents(number):
            return False  # a room
        return not self._is_huge[number] or self._around.is_inside(number, self._middle)


def _prepare(obj: bpy.types.Object, size: Size | None) -> tuple[np.ndarray, np.ndarray]:
    """Scales the mesh and moves its origin to the center of its bottom. Returns the new bounding box in its own space."""
    low, high = _bounds(obj)
    factor = size.factor(high - low) if size is not None else 1.0
    bottom = Vector(((low[0] + high[0]) / 2, (low[1] + high[1]) / 2, low[2]))
    obj.data.transform(Matrix.Scale(factor, 4) @ Matrix.Translation(-bottom))
    return factor * (low - np.array(bottom)), factor * (high - np.array(bottom))


def _bounds(obj: bpy.types.Object) -> tuple[np.ndarray, np.ndarray]:
    """Bounding box of a mesh in its own space."""
    flat = np.empty(3 * len(obj.data.vertices), np.float32)
    obj.data.vertices.foreach_get("co", flat)
    points = flat.reshape(-1, 3).astype(np.float64)
    return points.min(0), points.max(0)
