"""Blockouts as artists build them: rough boxes, cylinders, cones, and balls, which overlap or stay open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import trimesh

from ...inputs.mesh_file import InputMesh, make_mesh

Place = tuple[float, float, float]


def _at(mesh: Any, place: Place) -> Any:
    return mesh.apply_translation(place)


def box(size: Place, at: Place) -> Any:
    return _at(trimesh.creation.box(size), at)


def cylinder(radius: float, height: float, at: Place) -> Any:
    return _at(trimesh.creation.cylinder(radius, height, sections=16), at)


def cone(radius: float, height: float, at: Place, sections: int = 16) -> Any:
    """at: the center of its base."""
    return _at(trimesh.creation.cone(radius, height, sections=sections), at)


def ball(size: Place, at: Place) -> Any:
    mesh = trimesh.creation.icosphere(2, radius=0.5)
    return _at(mesh.apply_scale(size), at)


def without_top(mesh: Any) -> Any:
    """Without the faces that point upwards, as after deleting them in Edit Mode."""
    return trimesh.Trimesh(mesh.vertices, mesh.faces[mesh.face_normals[:, 2] < 0.5], process=False)


def _legs(radius: float, height: float, x: float, y: float, z: float) -> list[Any]:
    return [cylinder(radius, height, (sx * x, sy * y, z)) for sx in (-1, 1) for sy in (-1, 1)]


# In the frame of the true shapes: z up, the front towards -y, in a sphere of radius 0.55.
PARTS: dict[str, Sequence[Any]] = {
    "chair": (
        box((0.52, 0.5, 0.16), (0, 0, -0.05)),
        box((0.52, 0.06, 0.5), (0, 0.22, 0.2)),
        *_legs(0.06, 0.34, 0.18, 0.18, -0.28),
    ),
    "table": (box((0.86, 0.6, 0.08), (0, 0, 0.2)), *_legs(0.05, 0.4, 0.36, 0.24, -0.02)),
    "mushroom": (cylinder(0.13, 0.5, (0, 0, -0.25)), ball((0.84, 0.84, 0.5), (0, 0, 0.15))),
    "house": (
        without_top(box((0.56, 0.5, 0.46), (0, 0, -0.2))),
        cone(0.46, 0.36, (0, 0, 0.03), sections=4),
        box((0.09, 0.09, 0.26), (0.14, 0.05, 0.27)),
    ),
    "rocket": (
        cylinder(0.15, 0.6, (0, 0, -0.02)),
        cone(0.15, 0.26, (0, 0, 0.28)),
        box((0.5, 0.05, 0.2), (0, 0, -0.27)),
        box((0.05, 0.5, 0.2), (0, 0, -0.27)),
    ),
    "snowman": (
        ball((0.46,) * 3, (0, 0, -0.3)),
        ball((0.36,) * 3, (0, 0, 0.02)),
        ball((0.26,) * 3, (0, 0, 0.27)),
        cone(0.03, 0.12, (0, -0.1, 0.27)),
    ),
    "mug": (without_top(cylinder(0.27, 0.6, (-0.06, 0, 0))), box((0.28, 0.06, 0.36), (0.24, 0, 0))),
    "car": (
        box((0.96, 0.44, 0.2), (0, 0, -0.06)),
        box((0.5, 0.4, 0.18), (0.04, 0, 0.12)),
        *(box((0.2, 0.06, 0.2), (x, y, -0.16)) for x in (-0.28, 0.28) for y in (-0.22, 0.22)),
    ),
}


def blockout(name: str) -> InputMesh:
    """The parts of a blockout as one mesh."""
    parts = PARTS[name]
    starts = np.cumsum([0, *(len(part.vertices) for part in parts)])
    faces = np.concatenate([part.faces + start for part, start in zip(parts, starts, strict=False)])
    return make_mesh(np.concatenate([part.vertices for part in parts]), faces)
