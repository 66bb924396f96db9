"""Bakes the optional roughness map.

A field has no roughness: it is optimized from images with diffuse shading, and the roughness of the material is one
setting. The map adds the roughness of the surface. Where normals vary on a small scale, reflections are blurred, which
is what roughness describes; the map increases the setting there and never decreases it. The formulas are those of
geometric specular anti-aliasing (Tokuyoshi and Kaplanyan, "Improved geometric specular antialiasing", 2019), with the
variance estimated from the length of the mean normal (Toksvig, 2005).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from .normal_map import OrientedPoints
from .raster import fill_uncovered, rasterize
from .tangents import interpolate_vertices
from .topology import Array, Mesh
from .unwrap import Unwrapped

NEIGHBORS = 8  # detail points over which the variance is estimated, including the point itself
MAX_WIDENING = 0.18  # limit of what is added to alpha^2, as in the paper, so that sharp edges do not become too rough


def bake_roughness(
    detail: OrientedPoints,
    mesh: Mesh,
    unwrapped: Unwrapped,
    size_px: int,
    roughness: float,
    check: Callable[[], None] = lambda: None,
) -> NDArray[np.uint8]:
    """Returns a metallic-roughness map of glTF [size_px, size_px, 3], top row first.

    Green is the roughness. Blue, the metallic value, is 0. Red, which some programs read as occlusion, is 255.

    Args:
        detail: the surface before simplification.
        mesh: the simplified surface.
        roughness: of the material where the surface is smooth, 0 to 1.
        check: called often. An exception that it raises ends the bake.
    """
    tree = cKDTree(detail.points)
    widened = widen_roughness(roughness, normal_variance(detail, tree))
    baked = np.full(size_px * size_px, np.float32(roughness))
    covered = np.zeros(size_px * size_px, bool)
    for fragments in rasterize(unwrapped.uv[unwrapped.faces] * size_px, size_px, size_px):
        check()
        points = interpolate_vertices(
            unwrapped, fragments.triangle, fragments.weights.astype(float), mesh.vertices[unwrapped.source]
        )
        distances, nearest = tree.query(points, 3, workers=-1)
        weights = 1 / (distances + 1e-9)
        baked[fragments.pixel] = (widened[nearest] * weights).sum(1) / weights.sum(1)
        covered[fragments.pixel] = True
    filled = fill_uncovered(baked.reshape(size_px, size_px), covered.reshape(size_px, size_px))
    pixels = np.zeros((size_px, size_px, 3), np.uint8)
    pixels[..., 0], pixels[..., 1] = 255, np.rint(255 * filled[::-1])
    return pixels


def normal_variance(detail: OrientedPoints, tree: cKDTree) -> Array:
    """[P]: variance of the unit normals around each point, in radians squared. tree: of the points of `detail`."""
    _, near = tree.query(detail.points, min(NEIGHBORS, len(detail.points)), workers=-1)
    length = np.linalg.norm(detail.normals[near].mean(1), axis=1).clip(1e-6, 1.0)
    variance: Array = ((1 - length) / length).astype(float)
    return variance


def widen_roughness(roughness: float, variance: Array) -> Array:
    """[P]: roughness that reflects like `roughness` (0 to 1) on normals with `variance` [P]; alpha is roughness^2."""
    squared = roughness**4 + np.minimum(2 * variance, MAX_WIDENING)
    result: Array = np.minimum(squared, 1.0) ** 0.25
    return result
