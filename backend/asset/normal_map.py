"""Bakes the normals of the surface before simplification into a normal map for the simplified mesh."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from .raster import fill_uncovered, rasterize
from .tangents import compute_tangents, interpolate_vertices, to_tangent_space
from .topology import Array, Mesh, vertex_normals
from .unwrap import Unwrapped

NEAREST = 4  # detail points that are interpolated for each texel
FLAT = np.array([128, 128, 255], np.uint8)  # encodes the unperturbed normal


@dataclass(frozen=True)
class OrientedPoints:
    """Points [P, 3] of a detailed surface, world units, and its unit normals at these points [P, 3]."""

    points: NDArray[np.float32]
    normals: NDArray[np.float32]

    @staticmethod
    def from_mesh(mesh: Mesh) -> OrientedPoints:
        """The vertices of a mesh with their normals."""
        return OrientedPoints(mesh.vertices.astype(np.float32), vertex_normals(mesh).astype(np.float32))


def bake_normals(
    detail: OrientedPoints,
    mesh: Mesh,
    normals: Array,
    unwrapped: Unwrapped,
    size_px: int,
    check: Callable[[], None] = lambda: None,
) -> NDArray[np.uint8]:
    """Returns a tangent-space normal map [size_px, size_px, 3] in the convention of glTF (green up), top row first.

    Args:
        detail: the surface before simplification.
        mesh: the simplified surface.
        normals: the normals with which the vertices of `mesh` are shaded [V, 3].
        check: called often. An exception that it raises ends the bake.
    """
    tree = cKDTree(detail.points)
    tangents = compute_tangents(mesh, normals, unwrapped)
    shading_normals = normals[unwrapped.source]
    pixels = np.tile(FLAT, (size_px * size_px, 1))
    covered = np.zeros(size_px * size_px, bool)
    for fragments in rasterize(unwrapped.uv[unwrapped.faces] * size_px, size_px, size_px):
        check()
        pixel, first = np.unique(fragments.pixel, return_index=True)
        fresh = ~covered[pixel]
        pixel, triangle, weights = pixel[fresh], fragments.triangle[first][fresh], fragments.weights[first][fresh]
        if not len(pixel):
            continue
        points, normal, tangent = (
            interpolate_vertices(unwrapped, triangle, weights.astype(float), values)
            for values in (mesh.vertices[unwrapped.source], shading_normals, tangents.tangent)
        )
        normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
        fine = _interpolate_normals(detail, tree, points, normal)
        perturbed = to_tangent_space(fine, normal, tangent, tangents.sign[triangle])
        pixels[pixel] = np.rint(127.5 * perturbed + 127.5).clip(0, 255).astype(np.uint8)
        covered[pixel] = True
    filled = fill_uncovered(pixels.reshape(size_px, size_px, 3), covered.reshape(size_px, size_px))
    return np.ascontiguousarray(filled[::-1])


def _interpolate_normals(detail: OrientedPoints, tree: cKDTree, points: Array, normal: Array) -> Array:
    """[N, 3]: unit normals of the detailed surface near `points` [N, 3].

    Detail normals that face away from `normal` [N, 3] are ignored: they belong to another sheet, such as the far side
    of a thin wall.
    """
    distances, nearest = tree.query(points, NEAREST, workers=-1)
    found = detail.normals[nearest].astype(float)  # [N, NEAREST, 3]
    agreement = np.einsum("nkj,nj->nk", found, normal).clip(0, None)
    weights = agreement / (distances + 0.05 * distances.mean() + 1e-12)
    summed = np.einsum("nk,nkj->nj", weights, found)
    length = np.linalg.norm(summed, axis=1, keepdims=True)
    return np.where(length > 1e-9, summed / np.maximum(length, 1e-9), normal)
