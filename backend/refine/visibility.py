"""Which face each pixel shows: a z-buffer in plain torch, over all candidate pixels of all faces in bounded portions.

`asset.raster` does the same sweep in numpy for textures, where every fragment counts and there is no depth; this one stays on
the mesh's device and keeps the nearest fragment alone. Nothing here has a gradient.
"""

from __future__ import annotations

import torch
from torch import Tensor

PORTION = 1 << 19  # candidate pixels that are looked at together: bounds the memory, about 50 bytes each
SLACK = 1e-5  # of a weight: rounding must not open gaps between neighbors
FLAT = 1e-7  # square pixels: faces seen edge-on show nothing, and would divide by nothing


@torch.no_grad()
def visible_faces(flat: Tensor, nearness: Tensor, size_px: int) -> tuple[Tensor, Tensor]:
    """The nearest face at every pixel's center.

    Args:
        flat: [F, 3, 2] corners in pixels; pixel (x, y) has its center at x + 0.5, y + 0.5 and the index y * size_px + x.
        nearness: [F, 3] 1 / depth of the corners, which is linear on the screen; a face with a corner that is not in
            front of the camera (nearness <= 0) shows nothing.

    Returns:
        face [size_px^2], int64, -1 where there is none, the lowest number where several are equally near; its nearness
        [size_px^2], 0 where there is none.
    """
    device = flat.device
    nearest = torch.zeros(size_px * size_px, dtype=flat.dtype, device=device)
    face = torch.full((size_px * size_px,), len(flat), dtype=torch.int64, device=device)
    low = (flat.amin(1) - 0.5).ceil().clamp(0, size_px).long()
    high = ((flat.amax(1) - 0.5).floor() + 1).clamp(0, size_px).long()
    extent = (high - low).clamp_min(0)
    counts = extent.prod(1)
    drawn = (counts > 0) & (double_areas(flat).abs() > FLAT) & (nearness > 0).all(1)
    rows = torch.nonzero(drawn)[:, 0]
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
        near = (weights[inside] * nearness[owner]).sum(-1)
        updated = nearest.scatter_reduce(0, pixel, near, "amax")
        face[updated > nearest] = len(flat)
        nearest = updated
        won = near == nearest[pixel]
        face.scatter_reduce_(0, pixel[won], owner[won], "amin")
    return torch.where(face < len(flat), face, -1), nearest


def screen_weights(corners: Tensor, points: Tensor) -> Tensor:
    """Barycentric weights [N, 3] on the screen, not yet corrected for perspective, of points [N, 2] in triangles [N, 3, 2]."""
    a, b, c = (corners[:, i] - points for i in range(3))  # from the point: differences of small numbers stay exact
    first, second, third = cross(b, c), cross(c, a), cross(a, b)
    return torch.stack((first, second, third), -1) / (first + second + third)[:, None]


def double_areas(flat: Tensor) -> Tensor:
    """[..., 3, 2] -> [...]: twice the signed area; with y downwards, faces that are seen from outside are negative."""
    return cross(flat[..., 1, :] - flat[..., 0, :], flat[..., 2, :] - flat[..., 0, :])


def cross(p: Tensor, q: Tensor) -> Tensor:
    return p[..., 0] * q[..., 1] - p[..., 1] * q[..., 0]
