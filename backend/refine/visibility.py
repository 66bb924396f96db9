"""Which face each pixel shows: a z-buffer in plain torch.

All candidate pixels of all faces are tested at once, in portions of bounded size. `asset.raster` does the same in numpy
for texture baking, where every fragment counts and there is no depth. This module runs on the mesh's device and keeps
only the nearest fragment. It is not differentiable.
"""

from __future__ import annotations

import torch
from torch import Tensor

PORTION = 1 << 19  # candidate pixels that are tested together: about 50 bytes of memory each
SLACK = 1e-5  # tolerance of barycentric weights, so that rounding opens no gaps between neighboring faces
MIN_DOUBLE_AREA = 1e-7  # square pixels: faces seen edge-on are not drawn, and would cause a division by zero


@torch.no_grad()
def visible_faces(flat: Tensor, inverse_depth: Tensor, size_px: int) -> tuple[Tensor, Tensor]:
    """Finds the nearest face at every pixel's center.

    Args:
        flat: [F, 3, 2], corners in pixels. Pixel (x, y) has its center at (x + 0.5, y + 0.5) and index y * size_px + x.
        inverse_depth: [F, 3], 1 / depth of the corners, which is linear in screen space. Faces with a corner that is not
            in front of the camera (inverse depth <= 0) are not drawn.

    Returns:
        face: [size_px^2] int64. -1 where no face is visible; the lowest index among equally near faces.
        nearest: [size_px^2], its inverse depth. 0 where no face is visible.
    """
    device = flat.device
    nearest = torch.zeros(size_px * size_px, dtype=flat.dtype, device=device)
    face = torch.full((size_px * size_px,), len(flat), dtype=torch.int64, device=device)
    low = (flat.amin(1) - 0.5).ceil().clamp(0, size_px).long()
    high = ((flat.amax(1) - 0.5).floor() + 1).clamp(0, size_px).long()
    extent = (high - low).clamp_min(0)
    counts = extent.prod(1)
    is_drawn = (counts > 0) & (double_areas(flat).abs() > MIN_DOUBLE_AREA) & (inverse_depth > 0).all(1)
    rows = torch.nonzero(is_drawn)[:, 0]
    portions = torch.cumsum(counts[rows], 0) // PORTION
    sizes = torch.unique_consecutive(portions, return_counts=True)[1].tolist() if len(rows) else []
    for part in rows.split(sizes):
        owner = part.repeat_interleave(counts[part])
        before = torch.cumsum(counts[part], 0) - counts[part]
        rank = torch.arange(len(owner), device=device) - before.repeat_interleave(counts[part])
        x, y = low[owner, 0] + rank % extent[owner, 0], low[owner, 1] + rank // extent[owner, 0]
        weights = screen_weights(flat[owner], torch.stack((x, y), -1) + 0.5)
        inside = (weights >= -SLACK).all(-1)
        owner, pixel = owner[inside], (y * size_px + x)[inside]
        fragment = (weights[inside] * inverse_depth[owner]).sum(-1)
        updated = nearest.scatter_reduce(0, pixel, fragment, "amax")
        face[updated > nearest] = len(flat)
        nearest = updated
        is_nearest = fragment == nearest[pixel]
        face.scatter_reduce_(0, pixel[is_nearest], owner[is_nearest], "amin")
    return torch.where(face < len(flat), face, -1), nearest


def screen_weights(corners: Tensor, points: Tensor) -> Tensor:
    """Screen-space barycentric weights of points [N, 2] in triangles [N, 3, 2] -> [N, 3], without perspective."""
    a, b, c = (corners[:, i] - points for i in range(3))  # relative to the point, for precision
    first, second, third = cross(b, c), cross(c, a), cross(a, b)
    return torch.stack((first, second, third), -1) / (first + second + third)[:, None]


def double_areas(flat: Tensor) -> Tensor:
    """Twice the signed areas of triangles [..., 3, 2] -> [...]. With y down, front faces are negative."""
    return cross(flat[..., 1, :] - flat[..., 0, :], flat[..., 2, :] - flat[..., 0, :])


def cross(p: Tensor, q: Tensor) -> Tensor:
    """z component of the cross products of [..., 2] and [..., 2] -> [...]."""
    return p[..., 0] * q[..., 1] - p[..., 1] * q[..., 0]
