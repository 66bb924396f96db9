"""Triangles to pixels, in numpy: all candidate pixels of all triangles at once, in bounded portions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .topology import Array, Index

SLACK = 1e-9  # of a weight: rounding must not open gaps between neighbors
PORTION = 1 << 19  # candidate pixels that are looked at together


@dataclass(frozen=True)
class Fragments:
    """Pixels whose centers lie in a triangle: flat pixel index [N], triangle [N], barycentric weights [N, 3]."""

    pixel: Index
    triangle: Index
    weights: NDArray[np.float32]


def rasterize(triangles: Array, width: int, height: int) -> Iterator[Fragments]:
    """Fragments of `triangles` [T, 3, 2] in pixels, where pixel (x, y) has its center at x + 0.5, y + 0.5 and index y * width + x.

    A center on the edge of two triangles is in both. Triangles without area have no fragments.
    """
    low = np.ceil(triangles.min(1) - 0.5).clip(0, (width, height)).astype(np.int64)
    high = (np.floor(triangles.max(1) - 0.5).astype(np.int64) + 1).clip(0, (width, height))
    extent = (high - low).clip(0)
    candidates = extent.prod(1)
    a, b, c = (triangles[:, i] for i in range(3))
    area = _cross(b - a, c - a)
    rows = np.flatnonzero((candidates > 0) & (np.abs(area) > 1e-12))
    # Where each portion ends: whole triangles, but one that is larger than a portion still comes alone.
    portion = np.cumsum(candidates[rows]) // PORTION
    for part in np.split(rows, np.flatnonzero(np.diff(portion)) + 1) if len(rows) else ():
        counts = candidates[part]
        triangle = np.repeat(part, counts)
        rank = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        y, x = np.divmod(rank, np.repeat(extent[part, 0], counts))
        x += np.repeat(low[part, 0], counts)
        y += np.repeat(low[part, 1], counts)
        weights = []
        for p, q in ((b, c), (c, a)):
            # The edge function is linear in x and y: three numbers a triangle, found once, then spread.
            along_y, along_x = ((q - p)[part] / area[part, None]).T
            offset = p[part, 1] * along_y - p[part, 0] * along_x + 0.5 * (along_x - along_y)  # to the pixels' centers
            weights.append(np.repeat(along_y, counts) * y - np.repeat(along_x, counts) * x - np.repeat(offset, counts))
        weights.append(1 - weights[0] - weights[1])
        inside = np.flatnonzero((weights[0] >= -SLACK) & (weights[1] >= -SLACK) & (weights[2] >= -SLACK))
        yield Fragments(
            (y[inside] * width + x[inside]),
            triangle[inside],
            np.stack([weight[inside] for weight in weights], 1).astype(np.float32),
        )


def coverage(triangles: Array, width: int, height: int) -> NDArray[np.bool_]:
    """[height, width]: which pixels' centers are inside any triangle."""
    mask = np.zeros(width * height, bool)
    for fragments in rasterize(triangles, width, height):
        mask[fragments.pixel] = True
    return mask.reshape(height, width)


def _cross(p: Array, q: Array) -> Array:
    return p[..., 0] * q[..., 1] - p[..., 1] * q[..., 0]
