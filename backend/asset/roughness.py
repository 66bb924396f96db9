"""The roughness map, for those who ask for one.

A field knows nothing of gloss: it was learned from pictures with matt shading, and the roughness of the material is one
number that a person sets. What is known is the surface itself. Where its normals spread within the smallest piece that was
looked at, light is thrown into as many directions, which is what roughness stands for: the set value is widened there by
as much, and nowhere made smoother. The arithmetic is that of geometric specular anti-aliasing (Tokuyoshi and Kaplanyan,
"Improved geometric specular antialiasing", 2019), with the spread taken from the mean normal's length (Toksvig, 2005).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt
from scipy.spatial import cKDTree

from .normal_map import Relief
from .raster import rasterize
from .tangents import corner_values
from .topology import Array, Mesh
from .unwrap import Unwrapped

PIECE = 8  # points of the fine surface: one and its neighbors
MOST = 0.18  # that is added to the square of alpha, as the paper has it: an edge is no sandpaper


def bake_roughness(
    relief: Relief, mesh: Mesh, unwrapped: Unwrapped, size_px: int, roughness: float
) -> NDArray[np.uint8]:
    """[size_px, size_px, 3], the top row first, as glTF wants it: roughness in green, metallic (none) in blue, red full,
    where others look for occlusion.

    Args:
        roughness: what the material has where its surface is even, 0 to 1.
    """
    tree = cKDTree(relief.points)
    widened = widen(roughness, spread_of(relief, tree))
    rough = np.full(size_px * size_px, np.float32(roughness))
    covered = np.zeros(size_px * size_px, bool)
    for fragments in rasterize(unwrapped.uv[unwrapped.faces] * size_px, size_px, size_px):
        places = corner_values(
            unwrapped, fragments.triangle, fragments.weights.astype(float), mesh.vertices[unwrapped.source]
        )
        distances, nearest = tree.query(places, 3, workers=-1)
        weights = 1 / (distances + 1e-9)
        rough[fragments.pixel] = (widened[nearest] * weights).sum(1) / weights.sum(1)
        covered[fragments.pixel] = True
    picture, mask = rough.reshape(size_px, size_px), covered.reshape(size_px, size_px)
    if covered.any():  # as with colors: no filter may meet a void at a chart's edge
        rows, columns = distance_transform_edt(~mask, return_distances=False, return_indices=True)
        picture = picture[rows, columns]
    pixels = np.zeros((size_px, size_px, 3), np.uint8)
    pixels[..., 0], pixels[..., 1] = 255, np.rint(255 * picture[::-1])
    return pixels


def spread_of(relief: Relief, tree: cKDTree) -> Array:
    """[P]: the variance of the unit normals around each point, in radians squared."""
    _, near = tree.query(relief.points, min(PIECE, len(relief.points)), workers=-1)
    length = np.linalg.norm(relief.normals[near].mean(1), axis=1).clip(1e-6, 1.0)
    variance: Array = ((1 - length) / length).astype(float)
    return variance


def widen(roughness: float, variance: Array) -> Array:
    """The roughness that reflects as `roughness` does on normals of this variance: alpha = roughness^2 in both."""
    squared = roughness**4 + np.minimum(2 * variance, MOST)
    result: Array = np.minimum(squared, 1.0) ** 0.25
    return result
