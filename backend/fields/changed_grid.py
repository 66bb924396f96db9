"""A voxel grid that begins as an earlier field, and the conversion of fields to volumes."""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.ndimage import binary_fill_holes, distance_transform_edt
from torch import Tensor
from torch.nn.functional import interpolate

from ..inputs.field_file import MAX_SIDE, FieldVolume
from .start import Start, start_of
from .voxel_grid import VoxelGrid

SURFACE = 10.0  # density at the surface of the earlier field, per unit of length
FAINT = 0.3  # the same, at most, as a share of the highest density
EMPTY = 1e-4  # density of its pruned voxels


class ChangedGrid(VoxelGrid):
    """density = exp(start + weight * sum of levels), albedo = srgb_decode(sigmoid(start + weight * sum of levels)).

    Args:
        levels, fill: see `VoxelGrid`.
        volume: the earlier field.
        freedom: how far the shape may change, see `ChangeSettings`. With 0, the density is that of the earlier field. Otherwise,
            it is a less opaque one with the same shape, see `start.start_of`: guidance cannot open or move opaque surfaces.
        weight: [D, H, W], how much each voxel may change, 0 to 1. None: everything.
    """

    albedo_start: Tensor
    weight: Tensor

    def __init__(
        self, levels: tuple[int, ...], volume: FieldVolume, fill: bool, freedom: float, weight: Tensor | None = None
    ) -> None:
        bound, size = volume.bound, levels[-1]
        known = _resized(torch.from_numpy(np.concatenate((volume.log_density[None], volume.albedo))), size)
        occupied = _resized(torch.from_numpy(volume.occupied[None]).float(), size)[0] > 0
        weight = torch.ones(size, size, size) if weight is None else weight
        log_density = known[0]
        lowest: Tensor | None = None
        highest: Tensor | None = None
        if freedom:
            densest = float(log_density[occupied].max()) if occupied.any() else 0.0
            solid = occupied & (log_density > min(math.log(SURFACE), densest + math.log(FAINT)))
            distance = _signed_distance(solid.numpy(), 2 * bound / (size - 1))
            empty = torch.where(occupied, log_density, math.log(EMPTY))
            start = start_of(torch.from_numpy(distance), freedom)
            log_density = torch.lerp(empty, start.initial, weight)
            if start.lowest is not None and start.highest is not None:  # only inside of the region
                is_free = weight > 0
                lowest = torch.where(is_free, start.lowest, -math.inf)
                highest = torch.where(is_free, start.highest, math.inf)
        super().__init__(levels, bound, 1.0, 1.0, fill, Start(log_density, lowest, highest))
        self.register_buffer("albedo_start", known[None, 1:], persistent=False)
        self.register_buffer("weight", weight[None, None], persistent=False)
        if not freedom:
            self.blob.copy_(log_density)
            self.occupied.copy_(occupied)

    def log_density(self) -> Tensor:
        return self._bounded(self.blob + self.weight * self._sum(self.density_levels))

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


def _signed_distance(solid: NDArray[np.bool_], spacing: float) -> NDArray[np.float32]:
    """Distance to the surface of a solid [D, H, W], negative inside. Hollows without an opening count as inside."""
    solid = binary_fill_holes(solid)
    within, outside = distance_transform_edt(solid) - 0.5, distance_transform_edt(~solid) - 0.5
    distance: NDArray[np.float32] = (np.where(solid, -within, outside) * spacing).astype(np.float32)
    return distance
