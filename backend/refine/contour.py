"""Anti-aliased outlines, which give vertices a gradient from what they cover.

Whether a pixel's center lies inside has no slope. As in nvdiffrast (Laine et al. 2020, section 3.5), two neighboring pixels
of which one shows the nearer surface are blended by where, between their centers, that surface's outline runs. There the
outline is looked for in the two triangles at hand, which must then be larger than a pixel. Here it is the other way
round: the contour's edges, those between a face that is seen from the front and one from the back, are cut with the lines
through the pixels' centers. However small the edges are, each line between two centers has its true crossings.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ..asset.topology import Mesh, twins
from .visibility import double_areas


@dataclass(frozen=True)
class Edges:
    """Every edge of a mesh once: ends [E, 2]; faces [E, 2] at either side, the second -1 at a border; opposite [E, 2]: those
    faces' third corners, the second the first's at a border."""

    ends: Tensor
    faces: Tensor
    opposite: Tensor


def edges_of(mesh: Mesh, device: torch.device) -> Edges:
    twin = twins(mesh)
    half = np.flatnonzero((twin < 0) | (np.arange(len(twin)) < twin))
    corners = mesh.faces.ravel()
    after = half - half % 3 + (half + 1) % 3
    other = twin[half]
    third = [corners[h - h % 3 + (h + 2) % 3] for h in (half, np.where(other < 0, half, other))]
    pairs = (
        (corners[half], corners[after]),
        (half // 3, np.where(other < 0, -1, other // 3)),
        third,
    )
    return Edges(*(torch.from_numpy(np.stack(pair, -1)).to(device) for pair in pairs))


@dataclass(frozen=True)
class Blend:
    """pixel [N] takes the share amount [N], with a gradient, of what pixel neighbor [N] shows."""

    pixel: Tensor
    neighbor: Tensor
    amount: Tensor

    def apply(self, values: Tensor) -> Tensor:
        """values [P, C] -> [P, C]"""
        mixed = torch.lerp(values[self.pixel], values[self.neighbor], self.amount[:, None])
        return values.index_put((self.pixel,), mixed)


def find_blend(flat: Tensor, nearness: Tensor, faces: Tensor, edges: Edges, nearest: Tensor, size_px: int) -> Blend:
    """What is to be blended at the outlines.

    Args:
        flat [V, 2], nearness [V]: the vertices in pixels, with a gradient, and 1 / depth.
        faces: [F, 3].
        nearest: [size_px^2] nearness of what each pixel shows, as `visible_faces` has it.
    """
    with torch.no_grad():
        front = double_areas(flat[faces]) < 0
        one, other = front[edges.faces[:, 0]], front[edges.faces[:, 1].clamp_min(0)]
        turned = ((one != other) | (edges.faces[:, 1] < 0)) & (nearness[edges.ends] > 0).all(1)
        side = torch.where(one, edges.opposite[:, 0], edges.opposite[:, 1])[turned]
        ends = edges.ends[turned]
    amounts, neighbors = [], []
    for axis in (0, 1):
        for amount, neighbor in _along(flat, nearness, ends, side, nearest, size_px, axis):
            amounts.append(amount)
            neighbors.append(neighbor)
    # Of the corrections along x and y the larger one is that across the outline, which is the right one: for a straight
    # outline the other is always smaller, and both together would count the same strip twice.
    best, which = torch.stack(amounts).max(0)
    pixel = torch.nonzero(best.detach() > 0)[:, 0]
    neighbor = torch.stack(neighbors).gather(0, which[None])[0]
    return Blend(pixel, neighbor[pixel], best[pixel])


def _along(
    flat: Tensor, nearness: Tensor, ends: Tensor, side: Tensor, nearest: Tensor, size_px: int, axis: int
) -> list[tuple[Tensor, Tensor]]:
    """Blends between neighbors along x (axis 0) or y (1): for those with the lower and with the higher coordinate, the
    amount [P] and the neighbor's index [P]."""
    across = 1 - axis
    p, q = flat[ends[:, 0]], flat[ends[:, 1]]
    near_p, near_q = nearness[ends[:, 0]], nearness[ends[:, 1]]
    with torch.no_grad():
        # Lines through the centers that run between the ends. An end on a line belongs to the upper edge alone.
        start, stop = torch.minimum(p, q)[:, across], torch.maximum(p, q)[:, across]
        first = (start - 0.5).ceil().clamp(0, size_px).long()
        counts = (stop - 0.5).ceil().clamp(0, size_px).long() - first
        edge = torch.arange(len(ends), device=flat.device).repeat_interleave(counts)
        before = torch.cumsum(counts, 0) - counts
        line = first[edge] + torch.arange(len(edge), device=flat.device) - before.repeat_interleave(counts)
    share = (line + 0.5 - p[edge, across]) / (q[edge, across] - p[edge, across])
    place = p[edge, axis] + share * (q[edge, axis] - p[edge, axis])
    with torch.no_grad():
        low = (place - 0.5).floor().long()
        kept = (low >= 0) & (low < size_px - 1)
        strides = (1, size_px) if axis == 0 else (size_px, 1)
        pixel = low.clamp(0, size_px - 2) * strides[0] + line * strides[1]
        here, there = nearest[pixel], nearest[pixel + strides[0]]
        # The surface lies on the third corner's side; it must be what the nearer pixel shows, and hide the other.
        third = flat[side[edge]]
        is_low = _side(p[edge], q[edge], third, axis) < 0
        near = torch.lerp(near_p[edge], near_q[edge], share)
        kept &= torch.where(is_low, here > there, there > here) & (near > (here + there) / 2)
        edge, pixel, is_low, low = edge[kept], pixel[kept], is_low[kept], low[kept]
    beyond = place[kept] - 0.5 - low  # from the lower center, in [0, 1)
    reach = torch.where(is_low, beyond, 1 - beyond)  # from the center of the pixel that shows the surface
    with torch.no_grad():
        farthest = torch.zeros_like(nearest).scatter_reduce(0, pixel, reach, "amax")
        chosen = reach == farthest[pixel]
    pixel, is_low, surplus = pixel[chosen], is_low[chosen], reach[chosen] - 0.5
    every = torch.arange(len(nearest), device=flat.device)
    result = []
    for is_target_low in (True, False):
        # Beyond the middle the surface covers part of the pixel behind it; before it, the other shows in the surface's own.
        takes = torch.where(is_low == is_target_low, -surplus, surplus)
        rows = takes > 0
        target = pixel[rows] if is_target_low else pixel[rows] + strides[0]
        amount = torch.zeros_like(nearest).index_put((target,), takes[rows])
        neighbor = (every + strides[0] if is_target_low else every - strides[0]).clamp(0, len(every) - 1)
        result.append((amount, neighbor))
    return result


def _side(p: Tensor, q: Tensor, third: Tensor, axis: int) -> Tensor:
    """Where `third` lies along the axis, relative to the line through p and q."""
    across = 1 - axis
    share = (third[:, across] - p[:, across]) / (q[:, across] - p[:, across])
    return third[:, axis] - (p[:, axis] + share * (q[:, axis] - p[:, axis]))
