"""Ambient occlusion: how much of the sky a place in or on an object sees, from a coarse grid of what is solid.

Diffuse shading alone makes the floor of a mug as bright as a lid on it. How open a place is tells them apart. The same
function darkens the training pictures and the field, so that whatever is coarse about it is the same on both sides.
"""

from __future__ import annotations

import itertools
import math

import torch
from torch import Tensor
from torch.nn.functional import grid_sample, pad

CELLS = 24  # along each axis of the grid
OPAQUE = 60.0  # density of what is wholly solid: one cell of it then lets 4 % of the light through
BOUNCE = 0.4  # share of the light that the walls around a place give back to it
# Lebedev's rule of degree 5: the mean over the sphere, from the axes and the diagonals of a cube.
_AXIS_WEIGHT, _DIAGONAL_WEIGHT = 1 / 15, 3 / 40


def cell_axis(bound: float, device: torch.device | None = None) -> Tensor:
    """[CELLS]: where the grid's points lie along each axis of a cube from -bound to bound."""
    return torch.linspace(-bound, bound, CELLS, device=device)


def open_sky(density: Tensor, bound: float) -> Tensor:
    """How much light arrives at each grid point from around: its mean, and the means along the axes. What is at the point itself
    does not count.

    Args:
        density: per unit of length, [B, D, H, W] (z, y, x), of a cube from -bound to bound, its faces included.

    Returns:
        [B, 4, D, H, W]: mean over directions d of the transmittance T(d), and of T(d) d (x, y, z).
    """
    spacing = 2 * bound / (density.shape[-1] - 1)
    sky = torch.zeros(len(density), 4, *density.shape[1:], device=density.device)
    for axis, dim in enumerate((-1, -2, -3)):
        before = density.cumsum(dim) - density
        after = density.sum(dim, keepdim=True) - before - density
        for sign, depth in ((1.0, after), (-1.0, before)):
            seen = _AXIS_WEIGHT * torch.exp(-spacing * depth)
            sky[:, 0] += seen
            sky[:, 1 + axis] += sign * seen
    length = math.sqrt(3) * spacing
    for up in (1, -1):
        depth = _diagonals(density if up > 0 else density.flip(1))
        if up < 0:
            depth = depth.flip(2)
        seen = _DIAGONAL_WEIGHT * torch.exp(-length * depth)
        for number, (y, x) in enumerate(itertools.product((1, -1), (1, -1))):
            sky[:, 0] += seen[:, number]
            for axis, sign in enumerate((x, y, up)):
                sky[:, 1 + axis] += sign / math.sqrt(3) * seen[:, number]
    return sky


def _diagonals(density: Tensor) -> Tensor:
    """[B, D, H, W] -> [B, 4, D, H, W]: sums over all cells that lie towards +z and (+y, +x), (+y, -x), (-y, +x), (-y, -x)."""
    count, layers, height, width = density.shape
    depth = density.new_zeros(count, 4, layers, height, width)
    for z in range(layers - 2, -1, -1):
        above = pad(depth[:, :, z + 1] + density[:, None, z + 1], (1, 1, 1, 1))
        for number, (y, x) in enumerate(itertools.product((2, 0), (2, 0))):
            depth[:, number, z] = above[:, number, y : y + height, x : x + width]
    return depth


def openness(sky: Tensor, bound: float, points: Tensor, normals: Tensor, owner: Tensor | None = None) -> Tensor:
    """Share of the light from all around that a surface gets, [M, 1]: 1 in the open, near 0 in a deep hole.

    The transmittance is taken for linear in the direction, and light that walls give back is added (Jimenez et al. 2016,
    "Practical Realtime Strategies for Accurate Indirect Occlusion", section 4).

    Args:
        sky: [B, 4, D, H, W], see `open_sky`.
        points, normals: [M, 3]; asked is a cell's width above the surface, which would shade itself.
        owner: [M], which of the B grids each point is in; all are in the first when None.
    """
    cells = sky.shape[-1]
    above = points + normals * (2 * bound / (cells - 1))
    at = ((above / bound + 1) * (0.5 * (cells - 1))).clamp(0, cells - 1)  # in cells
    deep = at[:, 2] if owner is None else at[:, 2] + owner * cells  # all grids are one, each on top of the one before
    scale = torch.tensor([cells - 1, cells - 1, len(sky) * cells - 1], device=sky.device)
    grid = 2 * torch.stack((at[:, 0], at[:, 1], deep), -1) / scale - 1
    stacked = sky.transpose(0, 1).reshape(1, 4, -1, cells, cells)
    found = grid_sample(stacked, grid.view(1, 1, 1, -1, 3), align_corners=True, padding_mode="border").view(4, -1).T
    direct = (found[:, :1] + 2 * (found[:, 1:] * normals).sum(-1, keepdim=True)).clamp(0, 1)
    return direct / (1 - BOUNCE * (1 - direct))
