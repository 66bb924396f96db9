"""A voxel grid that begins as an earlier field, and the conversion of fields to volumes."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import interpolate

from ..inputs.field_file import MAX_SIDE, FieldVolume
from .voxel_grid import VoxelGrid

SOLID, HINT = 60.0, 3.0  # largest initial density, per unit of length, of a shape that may move little and much
FAINTEST = 1e-3  # initial density of empty space, per unit of length, where matter can grow


class ChangedGrid(VoxelGrid):
    """density = exp(start + weight * sum of levels), albedo = srgb_decode(sigmoid(start + weight * sum of levels)).

    Args:
        levels, fill: see `VoxelGrid`.
        volume: the earlier field.
        freedom: how far the shape may change, see `ChangeSettings`. With more freedom, the start is less opaque: the guidance
            cannot open or move an opaque surface.
        weight: [D, H, W], how much each voxel may change, 0 to 1. None: everything.
    """

    albedo_start: Tensor
    weight: Tensor

    def __init__(
        self, levels: tuple[int, ...], volume: FieldVolume, fill: bool, freedom: float, weight: Tensor | None = None
    ) -> None:
        bound, size = volume.bound, levels[-1]
        known = torch.from_numpy(np.concatenate((volume.log_density[None], volume.albedo)))
        known = _resized(known, size)
        occupied = _resized(torch.from_numpy(volume.occupied[None]).float(), size)[0] > 0
        log_density = torch.where(occupied, known[0], math.log(FAINTEST))
        weight = torch.ones(size, size, size) if weight is None else weight
        if freedom:
            softened = log_density.clamp(math.log(FAINTEST), math.log(SOLID * (HINT / SOLID) ** freedom))
            log_density = torch.lerp(known[0], softened, weight)
        super().__init__(levels, bound, 1.0, 1.0, fill, log_density)
        self.register_buffer("albedo_start", known[None, 1:], persistent=False)
        self.register_buffer("weight", weight[None, None], persistent=False)
        if not freedom:
            self.occupied.copy_(occupied)

    def log_density(self) -> Tensor:
        return self.blob + self.weight * self._sum(self.density_levels)

    def albedo_logits(self) -> Tensor:
        return self.albedo_start + self.weight * self._sum(self.albedo_levels)


@torch.no_grad()
def volume_of(field: VoxelGrid) -> FieldVolume:
    """The values of a field, at no more than `MAX_SIDE` voxels a side."""
    values = torch.cat((field.log_density(), field.albedo_logits()), 1)[0].cpu()
    occupied = field.occupied.cpu()
    if field.resolution > MAX_SIDE:
        values = _resized(values, MAX_SIDE)
        occupied = _resized(occupied[None].float(), MAX_SIDE)[0] > 0
    return FieldVolume(values[0].numpy(), values[1:].numpy(), occupied.numpy(), field.bound)


def _resized(values: Tensor, size: int) -> Tensor:
    """[C, N, N, N] at `size` voxels a side of the same cube."""
    if values.shape[-1] == size:
        return values
    return interpolate(values[None], (size,) * 3, mode="trilinear", align_corners=True)[0]
