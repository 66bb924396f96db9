"""The fast field: sums of dense voxel grids from coarse to fine, in plain torch, with normals and an occupancy grid.

No network: the coarse levels give smooth, quick progress, the fine ones detail. On a CPU one query costs one
trilinear lookup, because the levels are added up once a step.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool3d, grid_sample, interpolate, max_pool3d

from ..maths.ambient_occlusion import CELLS, OPAQUE, open_sky
from ..maths.color import srgb_decode
from .pieces import joints
from .unseen import unseen

_FIRM = 0.1  # length of the field that counts as wholly solid once it is opaque
_HIDDEN = 0.02  # mean transmittance from all around below which matter begins to count as hidden
_FILLING = 50.0  # density of what is solid because nobody sees it: opaque within a voxel
_RAW_LIMIT = 6.0  # exp(6) = 403 per unit of length: one voxel is opaque long before


@dataclass(frozen=True)
class Sampler:
    """One step's view of the field: all levels added up, as a volume [1, 7, D, H, W] of raw density, albedo, slope."""

    volume: Tensor
    bound: float

    def at(self, points: Tensor) -> Tensor:
        """points [N, 3] -> the seven channels [N, 7], interpolated."""
        grid = (points / self.bound).view(1, 1, 1, -1, 3)
        return grid_sample(self.volume, grid, align_corners=True, padding_mode="border").view(7, -1).T

    def query(self, points: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """points [N, 3] -> density [N], albedo [N, 3] in linear light, outward unit normal [N, 3]."""
        raw = self.at(points)
        slope = raw[:, 4:7]
        normal = -slope / slope.norm(dim=-1, keepdim=True).clamp_min(1e-4)
        return density_of(raw[:, 0]), srgb_decode(torch.sigmoid(raw[:, 1:4])), normal

    def solid(self) -> Tensor:
        """How solid each voxel is, 0 to 1: [1, 1, D, H, W]."""
        return 1 - torch.exp(-_FIRM * density_of(self.volume[:, :1]))

    def hidden_matter(self) -> Tensor:
        """Share of the cube that is solid and sees nothing of the sky.

        What nobody sees follows from nothing, and stays as it grew. Without it, what lies under a lid is dark, so that a lid
        where there ought to be a hollow is in the way of every picture of its depth, and goes.
        """
        light = interpolate(self.sky[:, :1], self.volume.shape[2:], mode="trilinear", align_corners=True)
        return (self.solid() * (1 - light / _HIDDEN).clamp_min(0)).mean()

    def filled(self, places: Tensor) -> Sampler:
        """The same, with what is solid at places [D, H, W]."""
        raw = self.volume[:, :1]
        firm = torch.where(places, raw.clamp_min(math.log(_FILLING)), raw)
        return Sampler(torch.cat((firm, self.volume[:, 1:]), 1), self.bound)

    @cached_property
    @torch.no_grad()
    def sky(self) -> Tensor:
        """How open places are: [1, 4, CELLS, CELLS, CELLS], see `openness.open_sky`. Without a gradient: what it darkens has
        one, and where a picture ought to be darker, a surface gives way to what lies deeper."""
        solid = avg_pool3d(self.solid(), 3, stride=1, padding=1, count_include_pad=False)
        solid = interpolate(solid, (CELLS,) * 3, mode="trilinear", align_corners=True)
        return open_sky(OPAQUE * solid[0], self.bound)


def density_of(raw: Tensor) -> Tensor:
    return torch.exp(raw.clamp_max(_RAW_LIMIT))


class VoxelGrid(nn.Module):
    """density = exp(blob + sum of levels), albedo = decode(sigmoid(sum of levels)).

    The blob is a weak, half transparent ball: an opaque one saturates, and the prior then paints the background's
    color over holes instead of opening them.

    Args:
        levels: voxels per axis of each level, ascending; the last one is the resolution of the whole.
        bound: half the side of the cube.
        start_density: density in the middle of the initial blob, per unit of length.
        start_radius: standard deviation of the blob.
        fill: whether what no view from the horizon up can show is solid for whoever asks for the density, and pieces that nearly
            touch are joined.
    """

    blob: Tensor
    occupied: Tensor

    def __init__(
        self, levels: tuple[int, ...], bound: float, start_density: float, start_radius: float, fill: bool = False
    ) -> None:
        super().__init__()
        self.fill = fill
        self.bound = bound
        self.resolution = levels[-1]
        self.density_levels = nn.ParameterList(torch.zeros(1, 1, n, n, n) for n in levels)
        self.albedo_levels = nn.ParameterList(torch.zeros(1, 3, n, n, n) for n in levels)
        axis = torch.linspace(-bound, bound, self.resolution)
        z, y, x = torch.meshgrid(axis, axis, axis, indexing="ij")
        squared = x * x + y * y + z * z
        blob = torch.log(torch.tensor(start_density)) - squared / (2 * start_radius**2)
        # Nothing may touch the cube's faces: a cut there would be a hole in the mesh.
        outside = torch.relu(torch.stack((x.abs(), y.abs(), z.abs())).amax(0) - 0.96 * bound) / (0.04 * bound)
        self.register_buffer("blob", (blob - 20.0 * outside)[None, None], persistent=False)
        self.register_buffer("occupied", squared < (0.97 * bound) ** 2)

    def sampler(self) -> Sampler:
        """Adds the levels up; gradients flow to all of them. Make one a step and query it many times."""
        raw = self._sum(self.density_levels) + self.blob
        slope = _slope(raw, 2 * self.bound / (self.resolution - 1))
        return Sampler(torch.cat((raw, self._sum(self.albedo_levels), slope), 1), self.bound)

    @staticmethod
    def _sum(levels: nn.ParameterList) -> Tensor:
        """The pyramid from its top: each sum so far grows to the next level's size before that one is added."""
        total: Tensor = levels[0]
        for level in levels[1:]:
            total = _grow(total, level.shape[-1]) + level
        return total

    def inside(self, points: Tensor) -> Tensor:
        """Whether points [N, 3] lie in cells that may hold something -> bool [N]. No gradient."""
        return self._at(points, self.occupied)

    def _at(self, points: Tensor, cells: Tensor) -> Tensor:
        """The cells [D, H, W] that points [N, 3] lie in -> [N]."""
        index = ((points / self.bound + 1) * (0.5 * (self.resolution - 1))).round().long().clamp(0, self.resolution - 1)
        x, y, z = index.unbind(-1)
        return cells.view(-1)[(z * self.resolution + y) * self.resolution + x]

    @torch.no_grad()
    def prune(self, threshold: float, margin: int = 2) -> None:
        """Forgets cells whose neighborhood of `margin` voxels stays below `threshold`. Neighbors can grow back into them."""
        raw = self.sampler().volume[:, :1]
        grown = max_pool3d(raw, 2 * margin + 1, stride=1, padding=margin)
        self.occupied.copy_(density_of(grown)[0, 0] > threshold)

    @torch.no_grad()
    def density(self, points: Tensor) -> Tensor:
        return self.query(points)[0]

    @torch.no_grad()
    def query(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """See `Field.query`. Pruned cells are empty here too, as they are in every picture; what is in none may be filled."""
        sampler, occupied = self._frozen()
        density, albedo, _ = sampler.query(points)
        within = (points.abs() <= self.bound).all(-1) & self._at(points, occupied)
        return torch.where(within, density, 0.0), albedo

    def _frozen(self) -> tuple[Sampler, Tensor]:
        """A sampler for reading after optimization, and what is not empty; made again when the field has changed since."""
        version = tuple(p._version for p in (*self.parameters(), self.occupied))
        cached = getattr(self, "_cache", None)
        if cached is None or cached[0] != version:
            cached = (version, *self._for_reading())
            object.__setattr__(self, "_cache", cached)
        return cached[1:]

    def _for_reading(self) -> tuple[Sampler, Tensor]:
        sampler = self.sampler()
        if not self.fill:
            return sampler, self.occupied
        density = density_of(sampler.volume[0, 0]) * self.occupied
        solid = unseen(density, self.bound)
        solid |= joints(density.masked_fill(solid, _FILLING), self.bound)
        return sampler.filled(solid), self.occupied | solid


@lru_cache(maxsize=16)
def _growth(coarse: int, fine: int, device: torch.device) -> Tensor:
    """The linear interpolation from `coarse` to `fine` points on one axis as a matrix [fine, coarse]."""
    at = torch.linspace(0, coarse - 1, fine, dtype=torch.float64)
    low = at.floor().clamp_max(coarse - 2).long()
    matrix = torch.zeros(fine, coarse, dtype=torch.float64)
    rows = torch.arange(fine)
    matrix[rows, low] = 1 - (at - low)
    matrix[rows, low + 1] = at - low
    return matrix.float().to(device)


def _grow(volume: Tensor, size: int) -> Tensor:
    """Trilinear growth of [1, C, n, n, n] to `size`, axis by axis as matrix products: ten times quicker than
    `interpolate` forwards and backwards on a CPU, with the same result."""
    matrix = _growth(volume.shape[-1], size, volume.device)
    volume = matrix @ (volume @ matrix.T)
    return (matrix @ volume.flatten(3)).unflatten(3, (size, size))


def _slope(raw: Tensor, spacing: float) -> Tensor:
    """Central differences of [1, 1, D, H, W] along x, y, z -> [1, 3, D, H, W]; one-sided at the faces."""
    along_z, along_y, along_x = torch.gradient(raw[0, 0], spacing=spacing)
    return torch.stack((along_x, along_y, along_z))[None]
