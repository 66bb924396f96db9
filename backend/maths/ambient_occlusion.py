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
    depths, directions, weights = [], [], []
    for axis, dim in enumerate((-1, -2, -3)):
        before = density.cumsum(dim) - density
        depths += [density.sum(dim, keepdim=True) - before - density, before]
        directions += [[sign * (axis == other) for other in range(3)] for sign in (1.0, -1.0)]
    depths = [spacing * depth for depth in depths]
    weights += [_AXIS_WEIGHT] * len(depths)
    length = math.sqrt(3) * spacing
    for x, y in itertools.product((1, -1), (1, -1)):
        after, before = _diagonal_sums(density, x, y)
        depths += [length * after, length * before]
        directions += [[sign * one / math.sqrt(3) for one in (x, y, 1)] for sign in (1.0, -1.0)]
        weights += 2 * [_DIAGONAL_WEIGHT]
    moments = density.new_tensor([[1.0, *direction] for direction in directions]) * density.new_tensor(weights)[:, None]
    transmittance = torch.stack(depths, 1).neg_().exp_()
    return (moments.T @ transmittance.flatten(2)).unflatten(2, density.shape[1:])


def _diagonal_sums(density: Tensor, x: int, y: int) -> tuple[Tensor, Tensor]:
    """Sums of density [B, D, H, W] over all later and all earlier cells along the diagonals that rise by (x, y, 1), x and y 1 or -1.

    Strides that move each layer by one cell turn diagonals into columns, and back.
    """
    count, layers, height, width = density.shape
    margin = layers - 1
    padded = pad(density, (margin,) * 4)
    rows, columns = height + margin, width + margin  # of the columns that meet the cube
    over, across, along, side = padded.stride()
    first = margin * (side * (x < 0) + along * (y < 0))  # the lowest cell of the first column
    sheared = padded.as_strided(
        (count, layers, rows, columns), (over, across + y * along + x * side, along, side), first
    )
    upto = sheared.cumsum(1).contiguous()
    over, across, along, side = upto.stride()
    first = margin * (side * (x > 0) + along * (y > 0))
    stride = (over, across - y * along - x * side, along, side)
    before = upto.as_strided(density.shape, stride, first) - density
    return (upto[:, -1:] - upto).as_strided(density.shape, stride, first), before


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
