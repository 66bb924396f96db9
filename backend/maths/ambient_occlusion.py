"""Ambient occlusion: how much light from all around reaches a surface, from a coarse density grid.

With diffuse shading alone, the floor of a mug is as bright as a lid on it. Ambient occlusion distinguishes them. The same
functions darken the built-in model's training images and the rendered field, so that the coarse approximation is equal
on both sides.
"""

from __future__ import annotations

import itertools
import math

import torch
from torch import Tensor
from torch.nn.functional import grid_sample, pad

CELLS = 24  # grid points per axis
OPAQUE = 60.0  # density of a solid cell, which then transmits 4 % of the light
BOUNCE = 0.4  # albedo assumed for light that surrounding surfaces reflect
# Lebedev quadrature of degree 5 over the sphere: 6 axes and 8 diagonals of a cube.
_AXIS_WEIGHT, _DIAGONAL_WEIGHT = 1 / 15, 3 / 40


def cell_axis(bound: float, device: torch.device | None = None) -> Tensor:
    """Coordinates of the grid points along each axis of the cube [-bound, bound]^3: [CELLS]."""
    return torch.linspace(-bound, bound, CELLS, device=device)


def visibility_grid(density: Tensor, bound: float) -> Tensor:
    """Mean transmittance T(d) from each grid point to the outside over 14 directions d, and its first moment.

    The grid point's own density does not count.

    Args:
        density: [B, D, H, W] (z, y, x), per unit of length, of the cube [-bound, bound]^3 including its faces.

    Returns:
        [B, 4, D, H, W]: mean of T(d) and of T(d) d_x, T(d) d_y, T(d) d_z.
    """
    spacing = 2 * bound / (density.shape[-1] - 1)
    visibility = torch.zeros(len(density), 4, *density.shape[1:], device=density.device)
    for axis, dim in enumerate((-1, -2, -3)):
        before = density.cumsum(dim) - density
        after = density.sum(dim, keepdim=True) - before - density
        for sign, depth in ((1.0, after), (-1.0, before)):
            transmittance = _AXIS_WEIGHT * torch.exp(-spacing * depth)
            visibility[:, 0] += transmittance
            visibility[:, 1 + axis] += sign * transmittance
    length = math.sqrt(3) * spacing
    for up in (1, -1):
        depth = _diagonal_sums(density if up > 0 else density.flip(1))
        if up < 0:
            depth = depth.flip(2)
        transmittance = _DIAGONAL_WEIGHT * torch.exp(-length * depth)
        for number, (y, x) in enumerate(itertools.product((1, -1), (1, -1))):
            visibility[:, 0] += transmittance[:, number]
            for axis, sign in enumerate((x, y, up)):
                visibility[:, 1 + axis] += sign / math.sqrt(3) * transmittance[:, number]
    return visibility


def _diagonal_sums(density: Tensor) -> Tensor:
    """Sums of density over all later cells along four diagonals: [B, D, H, W] -> [B, 4, D, H, W].

    All diagonals rise along +z. Along (y, x) they go (+, +), (+, -), (-, +), (-, -).
    """
    count, layers, height, width = density.shape
    depth = density.new_zeros(count, 4, layers, height, width)
    for z in range(layers - 2, -1, -1):
        above = pad(depth[:, :, z + 1] + density[:, None, z + 1], (1, 1, 1, 1))
        for number, (y, x) in enumerate(itertools.product((2, 0), (2, 0))):
            depth[:, number, z] = above[:, number, y : y + height, x : x + width]
    return depth


def ambient_occlusion(
    visibility: Tensor, bound: float, points: Tensor, normals: Tensor, owner: Tensor | None = None
) -> Tensor:
    """Factor for the light at surface points, [M, 1]: 1 is unoccluded, near 0 is deep inside a hole.

    With mean transmittance m and first moment v, the cosine-weighted visibility is approximated by m + 2 v . n, as if
    T(d) were linear in d. Light from surrounding surfaces of albedo `BOUNCE` is added (Jimenez et al. 2016, "Practical
    Realtime Strategies for Accurate Indirect Occlusion", section 4).

    Args:
        visibility: [B, 4, D, H, W] from `visibility_grid`.
        points, normals: [M, 3]. Visibility is sampled one cell above the surface, so that a surface does not occlude
            itself.
        owner: [M], index of the grid that each point belongs to; None means grid 0.
    """
    cells = visibility.shape[-1]
    above = points + normals * (2 * bound / (cells - 1))
    at = ((above / bound + 1) * (0.5 * (cells - 1))).clamp(0, cells - 1)  # in cells
    z = at[:, 2] if owner is None else at[:, 2] + owner * cells  # the B grids are stacked along z
    scale = torch.tensor([cells - 1, cells - 1, len(visibility) * cells - 1], device=visibility.device)
    grid = 2 * torch.stack((at[:, 0], at[:, 1], z), -1) / scale - 1
    stacked = visibility.transpose(0, 1).reshape(1, 4, -1, cells, cells)
    sampled = grid_sample(stacked, grid.view(1, 1, 1, -1, 3), align_corners=True, padding_mode="border").view(4, -1).T
    direct = (sampled[:, :1] + 2 * (sampled[:, 1:] * normals).sum(-1, keepdim=True)).clamp(0, 1)
    return direct / (1 - BOUNCE * (1 - direct))
