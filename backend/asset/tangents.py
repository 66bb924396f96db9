"""Tangent space from a mesh's normals and texture coordinates, in the MikkTSpace convention that renderers use.

A normal map is relative to the tangent (direction of growing u), the bitangent (direction of growing v) and the normal.
Files may omit tangents; importers then compute them with the same convention.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .topology import Array, Index, Mesh
from .unwrap import Unwrapped


@dataclass(frozen=True)
class Tangents:
    """tangent [N, 3]: unit, at the unwrapped mesh's vertices; sign [F]: +-1, bitangent = sign * normal x tangent."""

    tangent: Array
    sign: Array


def compute_tangents(mesh: Mesh, normals: Array, unwrapped: Unwrapped) -> Tangents:
    """Computes tangents at the vertices of the unwrapped mesh. normals: of the vertices of `mesh` [V, 3]."""
    corners, uv = mesh.corners, unwrapped.uv[unwrapped.faces]
    side1, side2 = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    s1, t1 = (uv[:, 1] - uv[:, 0]).T
    s2, t2 = (uv[:, 2] - uv[:, 0]).T
    area = s1 * t2 - s2 * t1
    sign = np.where(area >= 0, 1.0, -1.0)
    along_u = _unit((t2[:, None] * side1 - t1[:, None] * side2) * sign[:, None])

    summed = np.zeros((len(unwrapped.source), 3))
    for corner in range(3):
        vertex = unwrapped.faces[:, corner]
        normal = normals[unwrapped.source[vertex]]
        to_next, to_last = (_flatten(corners[:, (corner + k) % 3] - corners[:, corner], normal) for k in (1, 2))
        angle = np.arccos(np.einsum("ij,ij->i", to_next, to_last).clip(-1, 1))
        weighted = angle[:, None] * _flatten(along_u, normal)
        for axis in range(3):
            summed[:, axis] += np.bincount(vertex, weighted[:, axis], len(summed))
    return Tangents(_unit(summed), sign)


def to_tangent_space(directions: Array, normal: Array, tangent: Array, sign: Array) -> Array:
    """Converts world-space directions [N, 3] to unit vectors (x, y, z) along x tangent + y bitangent + z normal [N, 3].

    normal, tangent [N, 3]: interpolated, so they need not be orthogonal. sign [N]: of the bitangent.
    """
    bitangent = sign[:, None] * np.cross(normal, tangent)
    basis = np.stack((tangent, bitangent, normal), -1)
    singular = np.abs(np.linalg.det(basis)) < 1e-6
    basis[singular] = np.eye(3)
    result: Array = _unit(np.linalg.solve(basis, directions[..., None])[..., 0])
    result[singular] = (0.0, 0.0, 1.0)
    return result


def _flatten(vectors: Array, normal: Array) -> Array:
    """Projects `vectors` [F, 3] onto the planes perpendicular to `normal` [F, 3]; returns unit vectors."""
    return _unit(vectors - normal * np.einsum("ij,ij->i", vectors, normal)[:, None])


def _unit(vectors: NDArray[np.floating]) -> Array:
    return vectors.astype(float) / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-20)


def interpolate_vertices(unwrapped: Unwrapped, triangle: Index, weights: Array, values: Array) -> Array:
    """Interpolates vertex values [N, 3] of the unwrapped mesh at fragments: triangle [M], weights [M, 3] -> [M, 3]."""
    result: Array = np.einsum("mi,mij->mj", weights, values[unwrapped.faces[triangle]])
    return result
