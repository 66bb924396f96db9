"""A finished object of a job, for comparisons."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
import trimesh
from numpy.typing import NDArray

from ...asset.glb import Y_UP
from ...inputs.mesh_field import sample_faces
from ...inputs.solid import signed_distance
from .glb_loader import Primitive, load_glb
from .mesh_render import cameras_around, render_mesh
from .occupancy import Solid
from .truth import AZIMUTHS_DEG, ELEVATION_DEG

GRID, BOUND = 64, 0.62  # of the solids
SPACING = 0.01  # of points on the surface

Floats = NDArray[np.float64]


class Samples(NamedTuple):
    """P points on a surface, evenly spread."""

    points: Floats  # [P, 3]
    colors: Floats  # [P, 3], linear light
    normals: Floats  # [P, 3], unit length, interpolated between the vertices as in shading


class Made:
    """A finished object, in the frame of its job."""

    def __init__(self, job: Path) -> None:
        self.job, self.mesh = job, job / "asset" / "mesh.glb"

    @cached_property
    def parts(self) -> list[Primitive]:
        return load_glb(self.mesh)

    @cached_property
    def _shape(self) -> trimesh.Trimesh:
        return trimesh.load(self.mesh, force="mesh", process=False)

    @property
    def vertices(self) -> Floats:
        """[V, 3]; `parts` are moved and scaled."""
        return np.asarray(self._shape.vertices, float) @ Y_UP

    @property
    def faces(self) -> NDArray[np.int64]:
        return np.asarray(self._shape.faces, np.int64)

    @cached_property
    def solid(self) -> Solid:
        """[N, N, N], x slowest."""
        return signed_distance(self.vertices[self.faces], GRID, BOUND).transpose(2, 1, 0) < 0

    def views(self, size_px: int) -> NDArray[np.uint8]:
        """Unlit pictures from all sides, sRGB [A, H, W, 3]."""
        return render_mesh(self.parts, cameras_around(AZIMUTHS_DEG, ELEVATION_DEG), size_px).albedo

    def samples(self) -> tuple[Floats, Floats]:
        """Points on the surface [P, 3], and their linear colors [P, 3]."""
        return self.oriented_samples()[:2]

    def oriented_samples(self, spacing: float = SPACING) -> Samples:
        """Points that are `spacing` apart, with normals."""
        corners = self.vertices[self.faces]
        face, weights = sample_faces(corners, spacing)
        part = self.parts[0]
        normals = (part.normals[self.faces[face]] * weights[..., None]).sum(1)
        normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
        return Samples((corners[face] * weights[..., None]).sum(1), part.albedo(face, weights), normals)
