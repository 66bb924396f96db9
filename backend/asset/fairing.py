"""Smooths a surface and keeps its edges: bilateral filtering of the face normals (Zheng et al. 2011).

The normals are filtered first. A neighbor counts less the more its normal differs, so that both sides of an edge stay apart. The
vertices then follow the filtered normals (Sun et al. 2007).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from .topology import Array, Mesh

EDGE_DEG = 20.0  # standard deviation of the angle between normals that are averaged
VERTEX_ROUNDS = 20  # of moving the vertices
FLAT = 0.97  # length of the mean of a vertex's normals, above which it may move along the surface


def fair(mesh: Mesh, rounds: int, check: Callable[[], None] = lambda: None) -> Mesh:
    """Removes bumps from a closed surface.

    Args:
        rounds: of averaging each normal with those of the faces that share a vertex. Bumps up to about sqrt(rounds) edges wide
            disappear.
        check: called often. An exception that it raises ends the work.
    """
    if not rounds or not len(mesh.faces):
        return mesh
    corners = mesh.corners
    crosses = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    areas = np.linalg.norm(crosses, axis=1)
    normals = crosses / np.maximum(areas, 1e-30)[:, None]
    at_vertex = _incidence(mesh)
    around = csr_matrix(at_vertex.T @ at_vertex)  # faces that share a vertex, themselves included
    row = np.repeat(np.arange(len(areas)), np.diff(around.indptr))
    # In float32, because the loop is bound by the memory.
    weighted = around.astype(np.float32)
    share, filtered = areas[around.indices].astype(np.float32), normals.astype(np.float32)
    sharpness = np.float32(1 / np.radians(EDGE_DEG) ** 2)
    weighted.data = share
    mean = weighted @ filtered
    folded = np.einsum("ij,ij->i", mean, filtered) < 0  # slivers; nothing would be similar to them
    filtered[folded] = mean[folded] / np.maximum(np.linalg.norm(mean[folded], axis=1, keepdims=True), 1e-20)
    for _ in range(rounds):
        check()
        cosine = np.einsum("ij,ij->i", filtered[row], filtered[around.indices])
        weighted.data = share * np.exp((cosine - 1) * sharpness)  # 1 - cos is about half the squared angle
        filtered = weighted @ filtered
        filtered /= np.maximum(np.linalg.norm(filtered, axis=1, keepdims=True), 1e-20)
    return replace(mesh, vertices=_follow(mesh, at_vertex, filtered.astype(float), check))


def _follow(mesh: Mesh, at_vertex: csr_matrix, normals: Array, check: Callable[[], None]) -> Array:
    """Moves the vertices [V, 3] until the faces are about perpendicular to the normals [F, 3].

    Along the surface, they move to the middle of their faces, because a flat area of thin triangles is shaded in flecks.
    """
    vertices, count = mesh.vertices, np.asarray(at_vertex.sum(1))
    outer = np.einsum("ij,ik->ijk", normals, normals).reshape(-1, 9)
    pull = (at_vertex @ outer / count).reshape(-1, 3, 3)
    along = at_vertex @ normals
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-20)
    # A vertex at an edge stays at it.
    freedom = np.linalg.norm(at_vertex @ normals / count, axis=1, keepdims=True) > FLAT
    for _ in range(VERTEX_ROUNDS):
        check()
        # The mean over the faces of n (n . (center - vertex)).
        centers = vertices[mesh.faces].mean(1)
        distance = np.einsum("ij,ij->i", normals, centers)[:, None]
        across = (at_vertex @ (normals * distance)) / count - np.einsum("vij,vj->vi", pull, vertices)
        aside = (at_vertex @ centers) / count - vertices
        aside -= along * np.einsum("ij,ij->i", along, aside)[:, None]
        vertices = vertices + across + freedom * aside
    return vertices


def _incidence(mesh: Mesh) -> csr_matrix:
    """[V, F]: 1 where a vertex belongs to a face."""
    faces: NDArray[np.int64] = np.repeat(np.arange(len(mesh.faces)), 3)
    return csr_matrix((np.ones(faces.size), (mesh.faces.ravel(), faces)), shape=(len(mesh.vertices), len(mesh.faces)))
