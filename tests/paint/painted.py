"""Meshes and runs for the tests of painting."""

from __future__ import annotations

from typing import Any

import numpy as np
import trimesh

from backend.inputs.import_file import unwrap_faces
from backend.inputs.mesh_file import InputMesh, make_mesh

PAINT_FAST: dict[str, Any] = {"paint.levels": [8, 16, 32], "optimizer.render_px": 32}


def ball(subdivisions: int = 2, **options: Any) -> InputMesh:
    """A ball with a UV map of several charts."""
    made = trimesh.creation.icosphere(subdivisions)
    mesh = make_mesh(made.vertices, made.faces)
    return make_mesh(mesh.vertices, mesh.faces, uv=unwrap_faces(mesh), **options)


def square(uv: Any = None, **options: Any) -> InputMesh:
    """A square of two triangles, upright, that faces -y; its UV map is the whole texture."""
    vertices = np.array([(-1, 0, -1), (1, 0, -1), (1, 0, 1), (-1, 0, 1)], float)
    faces = np.array([(0, 1, 2), (0, 2, 3)])
    flat = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float32)
    return make_mesh(vertices, faces, uv=flat[faces] if uv is None else uv, **options)
