"""What no camera shows: from straight above down to the horizon, where nearly all views of a run come from."""

from __future__ import annotations

import math
from functools import lru_cache

import torch
from torch import Tensor
from torch.nn.functional import grid_sample, pad

from ..maths.cameras import on_sphere

LEVEL_DEG = (0, 15)  # elevations of the cameras that look in from the sides
STEEP_DEG = (30, 45, 60, 75, 90)  # and from above
_AZIMUTHS = 16
_HARDLY = 1 / 3  # share of the light: places that less comes from are hardly in any picture
_CLEARLY = 3 / 4  # what less comes through has something in it
_FLOOR = 0.1  # length: how thick what ends a hollow is


@torch.no_grad()
def unseen(density: Tensor, bound: float) -> Tensor:
    """Places that ought to be solid whatever the density says there, bool [D, H, W]: those that no camera shows, and floors.

    A hollow that is closed all around and stops some of the light from above has a floor, though nothing says where the
    little that is in it stands: at the bottom, else it would be a lid.
    """
    enclosed = best_view(density, bound, LEVEL_DEG) < _HARDLY
    from_above = best_view(density, bound, STEEP_DEG)
    cells = round(_FLOOR / (2 * bound / (len(density) - 1)))
    bottom = enclosed.cumsum(0) <= cells
    return enclosed & ((from_above < _HARDLY) | (bottom & (from_above < _CLEARLY)))


@lru_cache(maxsize=2)
def directions(elevations_deg: tuple[int, ...]) -> Tensor:
    """[K, 3]: where cameras are, evenly around at each height; straight above there is one."""
    angles = []
    for row, height in enumerate(elevations_deg):
        count = 1 if height == 90 else _AZIMUTHS
        angles += [(2 * math.pi * (column + 0.5 * (row % 2)) / count, math.radians(height)) for column in range(count)]
    azimuth, elevation = torch.tensor(angles).T
    return on_sphere(azimuth, elevation, torch.ones(len(angles)))


def best_view(density: Tensor, bound: float, elevations_deg: tuple[int, ...]) -> Tensor:
    """How well each place is seen from where it is seen best.

    Args:
        density: per unit of length, [D, H, W] (z, y, x) with one size along each axis, of a cube from -bound to bound, its
            faces included.
        elevations_deg: of the cameras.

    Returns:
        [D, H, W]: the largest transmittance from a place to a camera, over all directions; what is at the place itself does
        not count.
    """
    best = torch.zeros_like(density)
    towards = directions(elevations_deg).to(density.device)
    main = towards.abs().argmax(-1)
    spacing = 2 * bound / (density.shape[-1] - 1)
    for axis, dim in enumerate((2, 1, 0)):
        across = [other for other in (0, 1, 2) if other != axis]
        for sign in (1, -1):
            some = towards[(main == axis) & (towards[:, axis] * sign > 0)]
            if not len(some):
                continue
            layers = density.movedim(dim, 0)
            seen = _sweep(layers if sign > 0 else layers.flip(0), some[:, across] / some[:, axis, None].abs(), spacing)
            best = torch.maximum(best, (seen if sign > 0 else seen.flip(0)).movedim(0, dim))
    return best


def _sweep(layers: Tensor, shift: Tensor, spacing: float) -> Tensor:
    """Largest transmittance [N, N, N] through layers [N, N, N], each seen through those after it.

    shift [K, 2]: how many cells each direction moves from a layer to the next, along the layers' last axis and the one
    before.
    """
    size = len(layers)
    step = spacing * (1 + shift.square().sum(-1)).sqrt()[:, None, None, None]
    cells = torch.arange(size, device=layers.device)
    # A border of open cells all round: what comes in from the side has passed nothing.
    at = (cells + 1 + shift[..., None]) * (2 / (size + 1)) - 1  # [K, 2, N]
    grid = torch.stack((at[:, 0, None].expand(-1, size, -1), at[:, 1, :, None].expand(-1, -1, size)), -1)
    light = layers.new_ones(len(shift), 1, size, size)
    seen = [light[0, 0]]
    for layer in layers[1:].flip(0):
        passed = light * torch.exp(-step * layer)
        light = grid_sample(pad(passed, (1, 1, 1, 1), value=1.0), grid, align_corners=True, padding_mode="border")
        seen.append(light.amax((0, 1)))
    return torch.stack(seen).flip(0)
