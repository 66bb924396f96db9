"""Levels that are too fine for an array: their voxels share the rows of tables, by a hash of the position.

As in Instant NGP (Müller et al. 2022, section 3), but without a network: the rows are the values themselves, which are added to
those of the dense levels. Rows are only read where the field is occupied, so that few of the voxels that share a row count: a
surface passes through 0.2 % of 512^3 voxels.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .trilinear import cell_of, corner_offsets

_PRIMES = (1, 2_654_435_761, 805_459_861)  # of the paper, equation 4


class HashedLevels(nn.Module):
    """Offsets of the log density and of the albedo logits: the sum of trilinear lookups in all levels, 0 at the start.

    Args:
        sizes: voxels along each side of the cube, per level.
        entries_log2: binary logarithm of the rows in the table of each level.
        bound: half the side of the cube.
    """

    def __init__(self, sizes: tuple[int, ...], entries_log2: int, bound: float) -> None:
        super().__init__()
        self.sizes, self.bound = sizes, bound
        self.density_tables = nn.ParameterList(torch.zeros(1 << entries_log2, 1) for _ in sizes)
        self.albedo_tables = nn.ParameterList(torch.zeros(1 << entries_log2, 3) for _ in sizes)

    def log_density(self, points: Tensor) -> Tensor:
        """points [N, 3] -> [N]."""
        return self._sum(self.density_tables, points)[:, 0]

    def albedo_logits(self, points: Tensor) -> Tensor:
        """points [N, 3] -> [N, 3]."""
        return self._sum(self.albedo_tables, points)

    def gradient(self, points: Tensor) -> Tensor:
        """points [N, 3] -> [N, 3]: the derivative of `log_density`. It is exact, and changes between cells."""
        total = torch.zeros_like(points)
        for table, size in zip(self.density_tables, self.sizes, strict=True):
            low, share = cell_of(points, size, self.bound)
            corners = corner_offsets(points.device)
            values = _rows(table, low[:, None] + corners)
            weights, signs = _corner_weights(share), 2.0 * corners - 1
            # The weight of a corner along one axis has the derivative -1 or 1; those along the other two stay.
            slopes = torch.stack([weights[..., (axis + 1) % 3] * weights[..., (axis + 2) % 3] for axis in range(3)], -1)
            total = total + (values * slopes * signs).sum(1) * ((size - 1) / (2 * self.bound))
        return total

    def _sum(self, tables: nn.ParameterList, points: Tensor) -> Tensor:
        total = points.new_zeros(len(points), tables[0].shape[1])
        for table, size in zip(tables, self.sizes, strict=True):
            low, share = cell_of(points, size, self.bound)
            values = _rows(table, low[:, None] + corner_offsets(points.device))
            total = total + (values * _corner_weights(share).prod(-1, keepdim=True)).sum(1)
        return total


def _corner_weights(share: Tensor) -> Tensor:
    """Positions in cells [N, 3] -> [N, 8, 3]: the weight of each corner along each axis."""
    return torch.where(corner_offsets(share.device).bool(), share[:, None], 1 - share[:, None])


def _rows(table: Tensor, voxels: Tensor) -> Tensor:
    """The rows [N, 8, C] of a table [T, C] for voxels [N, 8, 3]."""
    x, y, z = (voxels * torch.tensor(_PRIMES, device=voxels.device)).unbind(-1)
    index = ((x ^ y ^ z) & (len(table) - 1)).view(-1, 1)
    # The derivatives of `table[index]` on a GPU and of `index_select` on a CPU are slower.
    return table.gather(0, index.expand(-1, table.shape[1])).view(*voxels.shape[:-1], -1)
