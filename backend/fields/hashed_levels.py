"""Levels that are too fine for an array: their voxels share the rows of tables, by a hash of the position.

As in Instant NGP (Müller et al. 2022, section 3), but without a network: the rows are the values themselves, which are added to
those of the dense levels. Rows are only read where these have more than fog, so that few of the voxels that share a row count: a
surface passes through 0.2 % of 512^3 voxels.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .trilinear import cell_of

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
            values, (x, y, z) = _rows(table, low)[..., 0], _axis_weights(share)
            slope = x.new_tensor([-1.0, 1.0])  # of the two weights along an axis
            slopes = _corner_weights(slope, y, z), _corner_weights(x, slope, z), _corner_weights(x, y, slope)
            steps = torch.stack([(values * each).sum(1) for each in slopes], -1)
            total = total + steps * ((size - 1) / (2 * self.bound))
        return total

    def _sum(self, tables: nn.ParameterList, points: Tensor) -> Tensor:
        total = points.new_zeros(len(points), tables[0].shape[1])
        for table, size in zip(tables, self.sizes, strict=True):
            low, share = cell_of(points, size, self.bound)
            total = total + (_rows(table, low) * _corner_weights(*_axis_weights(share))[..., None]).sum(1)
        return total


def _axis_weights(share: Tensor) -> tuple[Tensor, ...]:
    """Positions in cells [N, 3] -> the weights of the lower and the upper voxels along x, y and z, [N, 2] each."""
    return torch.stack((1 - share, share), -1).unbind(1)


def _corner_weights(x: Tensor, y: Tensor, z: Tensor) -> Tensor:
    """The products of the values of each corner along the axes, [N, 2] or [2], as [N, 8]: x changes first."""
    return (x[..., None, None, :] * y[..., None, :, None] * z[..., :, None, None]).flatten(-3)


def _rows(table: Tensor, low: Tensor) -> Tensor:
    """The rows [N, 8, C] of a table [T, C] for the voxels of cells, whose lowest ones are `low` [N, 3]."""
    both = torch.stack((low, low + 1), -1) * low.new_tensor(_PRIMES)[:, None]
    x, y, z = both.unbind(1)
    hashed = x[:, None, None, :] ^ y[:, None, :, None] ^ z[:, :, None, None]
    index = (hashed & (len(table) - 1)).view(-1, 1)
    # The derivatives of `table[index]` on a GPU and of `index_select` on a CPU are slower.
    return table.gather(0, index.expand(-1, table.shape[1])).view(len(low), 8, -1)
