"""The normal map: the unsimplified surface's normals, as seen from the simplified one's texels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt
from scipy.spatial import cKDTree

from .raster import rasterize
from .tangents import corner_values, into_tangent_space, tangents_of
from .topology import Array, Mesh, vertex_normals
from .unwrap import Unwrapped

NEAREST = 4  # points of the fine surface that a texel asks
FLAT = np.array([128, 128, 255], np.uint8)  # leans nowhere


@dataclass(frozen=True)
class Relief:
    """Points [P, 3] of a fine surface and its unit normals there [P, 3], float32."""

    points: NDArray[np.float32]
    normals: NDArray[np.float32]


def relief_of(mesh: Mesh) -> Relief:
    return Relief(mesh.vertices.astype(np.float32), vertex_normals(mesh).astype(np.float32))


def bake_normals(relief: Relief, mesh: Mesh, normals: Array, unwrapped: Unwrapped, size_px: int) -> NDArray[np.uint8]:
    """[size_px, size_px, 3] tangent-space normals in glTF's convention (green upwards), the top row first.

    normals [V, 3] of the mesh's vertices, with which it is going to be shaded.
    """
    tree = cKDTree(relief.points)
    tangents = tangents_of(mesh, normals, unwrapped)
    own = normals[unwrapped.source]
    pixels = np.tile(FLAT, (size_px * size_px, 1))
    covered = np.zeros(size_px * size_px, bool)
    for fragments in rasterize(unwrapped.uv[unwrapped.faces] * size_px, size_px, size_px):
        pixel, first = np.unique(fragments.pixel, return_index=True)
        fresh = ~covered[pixel]
        pixel, triangle, weights = pixel[fresh], fragments.triangle[first][fresh], fragments.weights[first][fresh]
        if not len(pixel):
            continue
        places, normal, tangent = (
            corner_values(unwrapped, triangle, weights.astype(float), values)
            for values in (mesh.vertices[unwrapped.source], own, tangents.tangent)
        )
        normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
        fine = _normals_near(relief, tree, places, normal)
        leaning = into_tangent_space(fine, normal, tangent, tangents.sign[triangle])
        pixels[pixel] = np.rint(127.5 * leaning + 127.5).clip(0, 255).astype(np.uint8)
        covered[pixel] = True
    picture, mask = pixels.reshape(size_px, size_px, 3), covered.reshape(size_px, size_px)
    if covered.any():  # as with colors: no filter may meet a void at a chart's edge
        rows, columns = distance_transform_edt(~mask, return_distances=False, return_indices=True)
        picture = picture[rows, columns]
    return np.ascontiguousarray(picture[::-1])


def _normals_near(relief: Relief, tree: cKDTree, places: Array, normal: Array) -> Array:
    """Unit normals [N, 3] of the fine surface near `places` [N, 3]: what leans away from `normal` belongs to another
    sheet, such as the far side of a thin wall."""
    distances, nearest = tree.query(places, NEAREST, workers=-1)
    found = relief.normals[nearest].astype(float)  # [N, NEAREST, 3]
    agreement = np.einsum("nkj,nj->nk", found, normal).clip(0, None)
    weights = agreement / (distances + 0.05 * distances.mean() + 1e-12)
    summed = np.einsum("nk,nkj->nj", weights, found)
    length = np.linalg.norm(summed, axis=1, keepdims=True)
    return np.where(length > 1e-9, summed / np.maximum(length, 1e-9), normal)
