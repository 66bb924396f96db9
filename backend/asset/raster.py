"""A triangle rasterizer in numpy for baking, without a depth buffer, vectorized over many triangles.

`refine.visibility` is the rasterizer with a depth buffer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from .topology import Array, Index

SLACK = 1e-9  # tolerance of the weights, so that rounding does not open gaps between neighbors
BATCH = 1 << 19  # candidate pixels per batch
Pixels = TypeVar("Pixels", bound=np.generic)


@dataclass(frozen=True)
class Fragments:
    """Pixels whose centers are inside a triangle: pixel index [N], triangle index [N], barycentric weights [N, 3]."""

    pixel: Index
    triangle: Index
    weights: NDArray[np.float32]


def rasterize(triangles: Array, width: int, height: int) -> Iterator[Fragments]:
    """Yields the fragments of `triangles` [T, 3, 2] in batches. Coordinates are in pixels.

    Pixel (x, y) has its center at (x + 0.5, y + 0.5) and the index y * width + x. A center on the common edge of two
    triangles belongs to both. Triangles without area have no fragments.
    """
    low = np.ceil(triangles.min(1) - 0.5).clip(0, (width, height)).astype(np.int64)
    high = (np.floor(triangles.max(1) - 0.5).astype(np.int64) + 1).clip(0, (width, height))
    extent = (high - low).clip(0)
    candidates = extent.prod(1)
    a, b, c = (triangles[:, i] for i in range(3))
    area = _cross(b - a, c - a)
    rows = np.flatnonzero((candidates > 0) & (np.abs(area) > 1e-12))
    # Batches consist of whole triangles, so a large triangle can exceed the limit.
    batch = np.cumsum(candidates[rows]) // BATCH
    for part in np.split(rows, np.flatnonzero(np.diff(batch)) + 1) if len(rows) else ():
        counts = candidates[part]
        triangle = np.repeat(part, counts)
        rank = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        y, x = np.divmod(rank, np.repeat(extent[part, 0], counts))
        x += np.repeat(low[part, 0], counts)
        y += np.repeat(low[part, 1], counts)
        weights = []
        for p, q in ((b, c), (c, a)):
            # The edge function is linear in x and y: its three coefficients are computed once per triangle.
            along_y, along_x = ((q - p)[part] / area[part, None]).T
            offset = p[part, 1] * along_y - p[part, 0] * along_x + 0.5 * (along_x - along_y)  # at the pixel centers
            weights.append(np.repeat(along_y, counts) * y - np.repeat(along_x, counts) * x - np.repeat(offset, counts))
        weights.append(1 - weights[0] - weights[1])
        inside = np.flatnonzero((weights[0] >= -SLACK) & (weights[1] >= -SLACK) & (weights[2] >= -SLACK))
        yield Fragments(
            (y[inside] * width + x[inside]),
            triangle[inside],
            np.stack([weight[inside] for weight in weights], 1).astype(np.float32),
        )


def coverage(triangles: Array, width: int, height: int) -> NDArray[np.bool_]:
    """[height, width]: whether the center of each pixel is inside any of `triangles` [T, 3, 2]."""
    mask = np.zeros(width * height, bool)
    for fragments in rasterize(triangles, width, height):
        mask[fragments.pixel] = True
    return mask.reshape(height, width)


def fill_uncovered(pixels: NDArray[Pixels], covered: NDArray[np.bool_]) -> NDArray[Pixels]:
    """Fills the texels outside all charts with the nearest covered texel, so that filtering and mipmaps find no gaps.

    pixels: [H, W] or [H, W, C]; covered: [H, W].
    """
    if not covered.any():
        return pixels
    rows, columns = distance_transform_edt(~covered, return_distances=False, return_indices=True)
    return pixels[rows, columns]


def _cross(p: Array, q: Array) -> Array:
    return p[..., 0] * q[..., 1] - p[..., 1] * q[..., 0]
