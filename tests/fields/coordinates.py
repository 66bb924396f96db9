"""Coordinates of voxels."""

from __future__ import annotations

import torch
from torch import Tensor


def voxel_coordinates(bound: float, size: int) -> tuple[Tensor, Tensor, Tensor]:
    """x, y, z of the voxels [size, size, size] (z, y, x) of the cube [-bound, bound]^3 including its faces."""
    axis = torch.linspace(-bound, bound, size)
    z, y, x = torch.meshgrid(axis, axis, axis, indexing="ij")
    return x, y, z
