"""Anti-aliased silhouettes, which give vertices a gradient from coverage.

Whether a pixel's center is inside a triangle is not differentiable. As in nvdiffrast (Laine et al. 2020, section 3.5),
two neighboring pixels at a silhouette are blended according to where the silhouette crosses the line between their
centers. nvdiffrast takes the silhouette from the two pixels' triangles, which therefore must be larger than a pixel.
This module starts from the contour edges instead (those between a front-facing and a back-facing triangle) and
intersects them with the rows and columns of pixel centers. This finds every crossing, however small the triangles are.
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
    """The E edges of a mesh, each once.

    Attributes:
        ends: [E, 2], vertices.
        faces: [E, 2], adjacent faces; the second is -1 at a border.
        opposite: [E, 2], third vertex of each adjacent face; at a border both are that of the first face.
    """

    ends: Tensor
    faces: Tensor
    opposite: Tensor


def build_edges(mesh: Mesh, device: torch.device) -> Edges:
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
    """Mixes each pixel [N] with `amount` [N] of its neighbor [N]. The amounts are differentiable."""

    pixel: Tensor
    neighbor: Tensor
    amount: Tensor

    def apply(self, values: Tensor) -> Tensor:
        """values [P, C] of all pixels -> [P, C]."""
        mixed = torch.lerp(values[self.pixel], values[self.neighbor], self.amount[:, None])
        return values.index_put((self.pixel,), mixed)


def find_blend(
    flat: Tensor, inverse_depth: Tensor, faces: Tensor, edges: Edges, nearest: Tensor, size_px: int
) -> Blend:
    """Computes the blend that anti-aliases the silhouettes of one view.

    Args:
        flat: [V, 2], vertices in pixels. Differentiable.
        inverse_depth: [V], 1 / depth of the vertices; 0 if not in front of the camera.
        faces: [F, 3].
        nearest: [size_px^2], inverse depth of each pixel, from `visible_faces`.
    """
    with torch.no_grad():
        is_front = double_areas(flat[faces]) < 0
        first, second = is_front[edges.faces[:, 0]], is_front[edges.faces[:, 1].clamp_min(0)]
        is_contour = ((first != second) | (edges.faces[:, 1] < 0)) & (inverse_depth[edges.ends] > 0).all(1)
        inner = torch.where(first, edges.opposite[:, 0], edges.opposite[:, 1])[is_contour]
        ends = edges.ends[is_contour]
    amounts, neighbors = [], []
    for axis in (0, 1):
        for amount, neighbor in _blend_along(flat, inverse_depth, ends, inner, nearest, size_px, axis):
            amounts.append(amount)
            neighbors.append(neighbor)
    # Per pixel, only the largest of the corrections along x and y applies. For a straight silhouette it is the one across
    # the silhouette, which is exact; adding both would count the same area twice.
    best, which = torch.stack(amounts).max(0)
    pixel = torch.nonzero(best.detach() > 0)[:, 0]
    neighbor = torch.stack(neighbors).gather(0, which[None])[0]
    return Blend(pixel, neighbor[pixel], best[pixel])


def _blend_along(
    flat: Tensor, inverse_depth: Tensor, ends: Tensor, inner: Tensor, nearest: Tensor, size_px: int, axis: int
) -> list[tuple[Tensor, Tensor]]:
    """Blends of neighbors along x (axis 0) or y (axis 1).

    Args:
        ends: [K, 2], vertices of the contour edges.
        inner: [K], third vertex of each edge's front face: the surface is on this side of the edge.

    Returns:
        amount [P] and neighbor index [P] of all pixels, for blends into the pixel with the lower coordinate, then into
        the one with the higher coordinate.
    """
    across = 1 - axis
    p, q = flat[ends[:, 0]], flat[ends[:, 1]]
    p_inverse, q_inverse = inverse_depth[ends[:, 0]], inverse_depth[ends[:, 1]]
    with torch.no_grad():
        # Rows or columns of pixel centers between the ends. Half-open: an end on a line counts for one of its edges.
        start, stop = torch.minimum(p, q)[:, across], torch.maximum(p, q)[:, across]
        first = (start - 0.5).ceil().clamp(0, size_px).long()
        counts = (stop - 0.5).ceil().clamp(0, size_px).long() - first
        edge = torch.arange(len(ends), device=flat.device).repeat_interleave(counts)
        before = torch.cumsum(counts, 0) - counts
        line = first[edge] + torch.arange(len(edge), device=flat.device) - before.repeat_interleave(counts)
    share = (line + 0.5 - p[edge, across]) / (q[edge, across] - p[edge, across])
    crossing = p[edge, axis] + share * (q[edge, axis] - p[edge, axis])
    with torch.no_grad():
        low = (crossing - 0.5).floor().long()
        kept = (low >= 0) & (low < size_px - 1)
        strides = (1, size_px) if axis == 0 else (size_px, 1)
        pixel = low.clamp(0, size_px - 2) * strides[0] + line * strides[1]
        low_nearest, high_nearest = nearest[pixel], nearest[pixel + strides[0]]
        # The pixel on the surface's side must show the surface, and the other one something behind it.
        is_low = _offset_from_line(p[edge], q[edge], flat[inner[edge]], axis) < 0
        at_crossing = torch.lerp(p_inverse[edge], q_inverse[edge], share)
        kept &= torch.where(is_low, low_nearest > high_nearest, high_nearest > low_nearest)
        kept &= at_crossing > (low_nearest + high_nearest) / 2
        edge, pixel, is_low, low = edge[kept], pixel[kept], is_low[kept], low[kept]
    from_low = crossing[kept] - 0.5 - low  # distance from the lower center, in [0, 1)
    reach = torch.where(is_low, from_low, 1 - from_low)  # distance from the center that shows the surface
    with torch.no_grad():
        farthest = torch.zeros_like(nearest).scatter_reduce(0, pixel, reach, "amax")
        chosen = reach == farthest[pixel]
    pixel, is_low, surplus = pixel[chosen], is_low[chosen], reach[chosen] - 0.5
    indices = torch.arange(len(nearest), device=flat.device)
    result = []
    for is_target_low in (True, False):
        # If the crossing is beyond the middle, the surface covers a part of the background's pixel. Otherwise the
        # background covers a part of the surface's pixel.
        amounts = torch.where(is_low == is_target_low, -surplus, surplus)
        rows = amounts > 0
        target = pixel[rows] if is_target_low else pixel[rows] + strides[0]
        amount = torch.zeros_like(nearest).index_put((target,), amounts[rows])
        neighbor = (indices + strides[0] if is_target_low else indices - strides[0]).clamp(0, len(indices) - 1)
        result.append((amount, neighbor))
    return result


def _offset_from_line(p: Tensor, q: Tensor, point: Tensor, axis: int) -> Tensor:
    """Signed distance [N] of points [N, 2] from the lines through p and q [N, 2], measured along the axis."""
    across = 1 - axis
    share = (point[:, across] - p[:, across]) / (q[:, across] - p[:, across])
    return point[:, axis] - (p[:, axis] + share * (q[:, axis] - p[:, axis]))
