"""Colors on a surface: a pyramid of voxels of which only those that the surface passes through exist.

The colors live in space, not in a texture: neighbors on the surface are neighbors here, whatever the UV map looks like, so
that there are no seams, and overlapping or stretched UVs do no harm. Coarse levels make progress smooth, as in `fields.voxel_grid`.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import smooth_l1_loss

from ..fields.trilinear import cell_of, corner_offsets
from ..inputs.sampling import surface_points

SMALLEST_EDGE = 0.3  # logit: smaller differences between neighbors are noise, larger ones are borders of parts and stay
SAMPLES_PER_VOXEL = 2.0  # along each axis, of the points that find the voxels


class SurfaceGrid(nn.Module):
    """offset(point) = sum over levels of a trilinear lookup, 3 channels.

    Args:
        corners: [F, 3, 3], the triangles, inside of the cube.
        levels: voxels along each side of the cube, per level.
        bound: half the side of the cube.
    """

    finest_pairs: Tensor

    def __init__(self, corners: NDArray[np.float64], levels: tuple[int, ...], bound: float) -> None:
        super().__init__()
        self.bound, self.sizes = bound, levels
        spacing = 2 * bound / (levels[-1] * SAMPLES_PER_VOXEL)
        points = torch.from_numpy(surface_points(corners, spacing))
        self.levels = nn.ParameterList()
        for number, size in enumerate(levels):
            index, count = _voxels_of(points, spacing / 2, size, bound)
            self.register_buffer(f"index_{number}", index, persistent=False)
            self.levels.append(nn.Parameter(torch.zeros(count, 3)))
        self.register_buffer("finest_pairs", _neighbors(index, size), persistent=False)

    def forward(self, points: Tensor) -> Tensor:
        """points [N, 3] -> offsets [N, 3]. Points off the surface get those of the nearest existing voxels, or 0."""
        total = points.new_zeros(len(points), 3)
        for number, values in enumerate(self.levels):
            rows, weights = self.voxels_at(points, number)
            total = total + (values[rows.clamp_min(0)] * weights[..., None]).sum(1)
        return total

    def voxels_at(self, points: Tensor, number: int) -> tuple[Tensor, Tensor]:
        """The eight voxels of a level around each point: rows [N, 8], -1 for those that do not exist, and weights [N, 8]."""
        size = self.sizes[number]
        low, share = cell_of(points, size, self.bound)
        index: Tensor = getattr(self, f"index_{number}")
        rows, weights = [], []
        for bits in corner_offsets(points.device):
            rows.append(index[_flat(low + bits, size)])
            weights.append(torch.where(bits.bool(), share, 1 - share).prod(-1))
        found, weight = torch.stack(rows, -1).long(), torch.stack(weights, -1)
        return found, weight * (found >= 0)

    def covers(self, points: Tensor) -> Tensor:
        """Whether all voxels around points [N, 3] exist, on all levels: [N] bool."""
        levels = range(len(self.levels))
        return torch.stack([self.voxels_at(points, number)[1].sum(-1) > 0.999 for number in levels]).all(0)

    def total_variation(self) -> Tensor:
        """Mean difference of neighboring voxels of the finest level. Differences below `SMALLEST_EDGE` count as their squares.

        The coarser levels hold what a model with small pictures can see. There, the penalty would blur parts of a few voxels.
        """
        one, other = self.finest_pairs.long().unbind(0)
        values = self.levels[-1]
        return smooth_l1_loss(values[one], values[other], beta=SMALLEST_EDGE)


def _flat(voxels: Tensor, size: int) -> Tensor:
    return (voxels[..., 2] * size + voxels[..., 1]) * size + voxels[..., 0]


def _voxels_of(points: Tensor, reach: float, size: int, bound: float) -> tuple[Tensor, int]:
    """The voxels that the trilinear lookups of points within `reach` of the given ones need, along each axis.

    Returns:
        index [size^3] int32, the row of each voxel, -1 for those that do not exist; and their number.
    """
    is_cell = torch.zeros(size**3, dtype=torch.bool)  # the cell above each voxel
    for sign in corner_offsets() * 2 - 1:
        is_cell[_flat(cell_of(points + reach * sign, size, bound)[0], size)] = True
    cells, is_used = is_cell.view(size, size, size), torch.zeros(size, size, size, dtype=torch.bool)
    for z, y, x in corner_offsets().tolist():
        is_used[z:, y:, x:] |= cells[: size - z, : size - y, : size - x]
    used = torch.nonzero(is_used.view(-1))[:, 0]
    index = torch.full((size**3,), -1, dtype=torch.int32)
    index[used] = torch.arange(len(used), dtype=torch.int32)
    return index, len(used)


def _neighbors(index: Tensor, size: int) -> Tensor:
    """[2, K] int32: the rows of all pairs of neighboring voxels."""
    cube = index.view(size, size, size)
    pairs = []
    for axis in range(3):
        one, other = cube.narrow(axis, 0, size - 1), cube.narrow(axis, 1, size - 1)
        both = (one >= 0) & (other >= 0)
        pairs.append(torch.stack((one[both], other[both])))
    return torch.cat(pairs, 1)
