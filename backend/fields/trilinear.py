"""The eight voxels around a point, for lookups in grids that are not stored as arrays."""

from __future__ import annotations

import torch
from torch import Tensor


def corner_offsets(device: torch.device | None = None) -> Tensor:
    """[8, 3]: the corners of a cell as x, y, z in 0 and 1."""
    return torch.tensor([[corner & 1, corner >> 1 & 1, corner >> 2] for corner in range(8)], device=device)


def cell_of(points: Tensor, size: int, bound: float) -> tuple[Tensor, Tensor]:
    """The cell that contains each point [N, 3], in a grid of `size` voxels a side that spans `[-bound, bound]^3`.

    Returns:
        its lowest voxel [N, 3], and the position in the cell [N, 3] in [0, 1]. Points outside the cube are moved to its face.
    """
    at = ((points / bound + 1) * (0.5 * (size - 1))).clamp(0, size - 1)
    low = at.floor().clamp_max(size - 2)
    return low.long(), at - low
