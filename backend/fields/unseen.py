"""Voxels that no training view shows: cameras lie between the horizon and straight above.

No image constrains those voxels, so the mesh fills them.
"""

from __future__ import annotations

import math
from functools import lru_cache

import torch
from torch import Tensor
from torch.nn.functional import grid_sample, pad

from ..maths.cameras import on_sphere

LOW_ELEVATIONS_DEG = (0, 15)  # cameras that see the object from the sides
HIGH_ELEVATIONS_DEG = (30, 45, 60, 75, 90)  # cameras that see it from above
_AZIMUTHS = 16
_UNSEEN = 1 / 3  # maximum transmittance below which a voxel hardly contributes to any image
_CLEAR = 3 / 4  # maximum transmittance above which the space in front of a voxel counts as empty
_FLOOR_THICKNESS = 0.1  # length


@torch.no_grad()
def find_unseen(density: Tensor, bound: float) -> Tensor:
    """Marks the voxels to fill: those that no camera sees, and the floors of hollows.

    A hollow with closed sides that attenuates the light from above has a floor. Images do not determine its height, so
    the floor is placed at the bottom: higher up it would close the hollow like a lid.

    Args:
        density: [N, N, N] (z, y, x), per unit of length, of the cube [-bound, bound]^3 including its faces.

    Returns:
        bool [N, N, N].
    """
    is_enclosed = max_transmittance(density, bound, LOW_ELEVATIONS_DEG) < _UNSEEN
    from_above = max_transmittance(density, bound, HIGH_ELEVATIONS_DEG)
    layers = round(_FLOOR_THICKNESS / (2 * bound / (len(density) - 1)))
    is_floor = (is_enclosed.cumsum(0) <= layers) & (from_above < _CLEAR)
    return is_enclosed & ((from_above < _UNSEEN) | is_floor)


@lru_cache(maxsize=2)
def camera_directions(elevations_deg: tuple[int, ...]) -> Tensor:
    """Unit vectors [K, 3] to the cameras: 16 azimuths at each elevation, one at 90 degrees."""
    angles = []
    for row, elevation_deg in enumerate(elevations_deg):
        count = 1 if elevation_deg == 90 else _AZIMUTHS
        elevation = math.radians(elevation_deg)
        angles += [(2 * math.pi * (column + 0.5 * (row % 2)) / count, elevation) for column in range(count)]
    azimuth, elevation = torch.tensor(angles).T
    return on_sphere(azimuth, elevation, torch.ones(len(angles)))


def max_transmittance(density: Tensor, bound: float, elevations_deg: tuple[int, ...]) -> Tensor:
    """Largest transmittance from each voxel to a camera, over all cameras at the given elevations.

    The voxel's own density does not count.

    Args:
        density: [N, N, N] (z, y, x), per unit of length, of the cube [-bound, bound]^3 including its faces.
        elevations_deg: elevations of the cameras.

    Returns:
        [N, N, N] in [0, 1].
    """
    best = torch.zeros_like(density)
    directions = camera_directions(elevations_deg).to(density.device)
    main_axis = directions.abs().argmax(-1)
    spacing = 2 * bound / (density.shape[-1] - 1)
    for axis, dim in enumerate((2, 1, 0)):
        across = [other for other in (0, 1, 2) if other != axis]
        for sign in (1, -1):
            group = directions[(main_axis == axis) & (directions[:, axis] * sign > 0)]
            if not len(group):
                continue
            layers = density.movedim(dim, 0)
            found = _sweep(
                layers if sign > 0 else layers.flip(0), group[:, across] / group[:, axis, None].abs(), spacing
            )
            best = torch.maximum(best, (found if sign > 0 else found.flip(0)).movedim(0, dim))
    return best


def _sweep(layers: Tensor, shift: Tensor, spacing: float) -> Tensor:
    """Marches light through the layers, from the last one to the first.

    Args:
        layers: density [N, N, N].
        shift: [K, 2], voxels that each direction moves per layer, along the layers' last axis and the one before it.
        spacing: distance between layers.

    Returns:
        [N, N, N]: largest transmittance over the K directions, through all later layers.
    """
    size = len(layers)
    step = spacing * (1 + shift.square().sum(-1)).sqrt()[:, None, None, None]
    index = torch.arange(size, device=layers.device)
    # Each layer is padded with a border of ones: light that enters from the side has passed through nothing.
    at = (index + 1 + shift[..., None]) * (2 / (size + 1)) - 1  # [K, 2, N]
    grid = torch.stack((at[:, 0, None].expand(-1, size, -1), at[:, 1, :, None].expand(-1, -1, size)), -1)
    light = layers.new_ones(len(shift), 1, size, size)
    transmittance = [light[0, 0]]
    for layer in layers[1:].flip(0):
        passed = light * torch.exp(-step * layer)
        light = grid_sample(pad(passed, (1, 1, 1, 1), value=1.0), grid, align_corners=True, padding_mode="border")
        transmittance.append(light.amax((0, 1)))
    return torch.stack(transmittance).flip(0)
