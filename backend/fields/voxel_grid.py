"""The fast field: a pyramid of dense voxel grids with normals and an occupancy grid, without a network.

Coarse levels give smooth, fast progress; fine levels add detail. The levels are summed once per step, so that a query is
a single trilinear lookup on a CPU.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import torch
from torch import Tensor, nn
from torch.nn.functional import grid_sample, max_pool3d

from ..maths.ambient_occlusion import CELLS, OPAQUE, visibility_grid
from ..maths.color import srgb_decode
from .gaps import find_small_gaps
from .hashed_levels import HashedLevels
from .start import Start
from .unseen import find_unseen

_SOLID_DEPTH = 0.1  # length: a voxel's solidity is the opacity of a layer this thick
_INTERIOR = 0.02  # mean visibility below which density counts as interior
_FILL_DENSITY = 50.0  # per unit of length, of filled voxels: opaque within one voxel
_FOG = 0.0  # log of the density up to which there are no fine levels: most samples are in fog, which has no detail
_MAX_LOG_DENSITY = 6.0  # exp(6) = 403 per unit of length: far more than a voxel needs to be opaque


@dataclass(frozen=True)
class GridSampler:
    """The sum of all levels at one step.

    Attributes:
        log_density: [1, 1, D, H, W].
        sum_albedo: returns the albedo logits [1, 3, D, H, W]. Called at most once, and not for views without texture.
        kept_visibility: visibility grid of an earlier step, used instead of this step's.
        fine: levels that are added to the sum, except in fog. The visibility, the regularizers of all voxels, and the occupancy leave them out.
    """

    log_density: Tensor
    sum_albedo: Callable[[], Tensor]
    bound: float
    kept_visibility: Tensor | None = None
    fine: HashedLevels | None = None

    @cached_property
    def albedo_logits(self) -> Tensor:
        """[1, 3, D, H, W]."""
        return self.sum_albedo()

    def density(self, points: Tensor) -> Tensor:
        """points [N, 3] -> density [N]."""
        log_density = _look_up(self.log_density, points / self.bound)[0]
        if self.fine is not None:
            dense = torch.nonzero(log_density > _FOG)[:, 0]
            log_density = log_density.index_add(0, dense, self.fine.log_density(points[dense]))
        return _activate(log_density)

    def albedo(self, points: Tensor) -> Tensor:
        """points [N, 3] -> albedo [N, 3] in linear light."""
        logits = _look_up(self.albedo_logits, points / self.bound).T
        return srgb_decode(torch.sigmoid(logits if self.fine is None else logits + self.fine.albedo_logits(points)))

    def normal(self, points: Tensor) -> Tensor:
        """points [N, 3] -> outward unit normal [N, 3], from central differences over one voxel to each side.

        Interpolated differences of voxels are differences of interpolated values, so only the voxels around the points count.
        """
        step = torch.eye(3, device=points.device) * (2 / (self.log_density.shape[-1] - 1))
        around = (points / self.bound)[None] + torch.cat((step, -step))[:, None]
        after, before = _look_up(self.log_density, around.view(-1, 3)).view(2, 3, -1)
        gradient = (after - before).T / (2 * self.bound * float(step[0, 0]))
        if self.fine is not None:
            gradient = gradient + self.fine.gradient(points)
        return -gradient / gradient.norm(dim=-1, keepdim=True).clamp_min(1e-4)

    @cached_property
    @torch.no_grad()
    def visibility(self) -> Tensor:
        """Visibility grid of the field, [1, 4, CELLS, CELLS, CELLS]; see `maths.ambient_occlusion.visibility_grid`.

        Constant in the graph. Gradients reach the field through the occluded surfaces' weights: where an image should be
        darker, the surface recedes to a darker depth.
        """
        if self.kept_visibility is not None:
            return self.kept_visibility
        smaller = _averaging_matrix(self.log_density.shape[-1], CELLS, self.log_density.device)
        return visibility_grid(OPAQUE * _resample(_solidity(self.log_density), smaller)[0], self.bound)

    def interior_density(self) -> Tensor:
        """Share of the cube that is solid and receives no light, a scalar to minimize (`losses.matter`).

        No image constrains the interior, so density that grew there stays. With an empty interior, ambient occlusion
        darkens every opening. A lid over what should be a hollow then hides the dark depth, and the guidance removes it.
        """
        with torch.no_grad():
            light = _upsample(self.visibility[:, :1], self.log_density.shape[-1]).view(-1)
            dark = torch.nonzero(light < _INTERIOR)[:, 0]
            weight = 1 - light[dark] / _INTERIOR
        return (_solidity(self.log_density.view(-1)[dark]) * weight).sum() / self.log_density.numel()

    def fill(self, mask: Tensor) -> GridSampler:
        """A copy with the voxels of mask [D, H, W] made solid."""
        filled = torch.where(mask, self.log_density.clamp_min(math.log(_FILL_DENSITY)), self.log_density)
        return replace(self, log_density=filled)


def _look_up(volume: Tensor, at: Tensor) -> Tensor:
    """Trilinear interpolation of [1, C, D, H, W] at points [N, 3] in [-1, 1]^3 -> [C, N].

    Channel by channel: values of all channels at a voxel are a power of two apart, so they would evict each other from the cache
    of the processor.
    """
    channels = volume.transpose(0, 1)
    grid = at.view(1, 1, 1, -1, 3).expand(len(channels), -1, -1, -1, -1)
    return grid_sample(channels, grid, align_corners=True, padding_mode="border").view(len(channels), -1)


def _solidity(log_density: Tensor) -> Tensor:
    """Opacity of a layer of `_SOLID_DEPTH` with this density, any shape, in [0, 1]."""
    return 1 - torch.exp(-_SOLID_DEPTH * _activate(log_density))


def _activate(log_density: Tensor) -> Tensor:
    return torch.exp(log_density.clamp_max(_MAX_LOG_DENSITY))


class VoxelGrid(nn.Module):
    """density = exp(blob + sum of levels), albedo = srgb_decode(sigmoid(sum of levels)).

    The blob is a weak, half-transparent ball. An opaque one saturates, and the guidance then paints the background's
    color over places that should become holes.

    Args:
        levels: voxels per axis of each dense level, ascending. The last one is the resolution of the dense field.
        bound: half the side of the cube.
        start_density: density at the center of the initial blob, per unit of length.
        start_radius: standard deviation of the blob.
        start: what the field starts from instead of the blob.
        fine: finer levels.
        fill: whether `density` and `query`, which the mesh is made from, fill unseen voxels and small gaps between
            components. Rendered images do not change.
    """

    blob: Tensor
    lowest: Tensor | None
    highest: Tensor | None
    occupied: Tensor
    visibility: Tensor | None

    def __init__(
        self,
        levels: tuple[int, ...],
        bound: float,
        start_density: float,
        start_radius: float,
        fill: bool = False,
        start: Start | None = None,
        fine: HashedLevels | None = None,
    ) -> None:
        super().__init__()
        self.fill, self.fine = fill, fine
        self.bound = bound
        self.resolution = levels[-1]
        self.density_levels = nn.ParameterList(torch.zeros(1, 1, n, n, n) for n in levels)
        self.albedo_levels = nn.ParameterList(torch.zeros(1, 3, n, n, n) for n in levels)
        axis = torch.linspace(-bound, bound, self.resolution)
        z, y, x = torch.meshgrid(axis, axis, axis, indexing="ij")
        squared = x * x + y * y + z * z
        blob = (
            torch.log(torch.tensor(start_density)) - squared / (2 * start_radius**2) if start is None else start.initial
        )
        # Density must vanish at the cube's faces: a surface cut off there would leave a hole in the mesh.
        outside = torch.relu(torch.stack((x.abs(), y.abs(), z.abs())).amax(0) - 0.96 * bound) / (0.04 * bound)
        self.register_buffer("blob", (blob - 20.0 * outside)[None, None], persistent=False)
        self.register_buffer("lowest", None if start is None else start.lowest, persistent=False)
        self.register_buffer("highest", None if start is None else start.highest, persistent=False)
        self.register_buffer("occupied", squared < (0.97 * bound) ** 2)
        self.register_buffer("visibility", None)

    def sampler(self) -> GridSampler:
        """Sums the levels. Gradients flow to all of them. Call it once per step and query the result."""
        visibility = None if self.visibility is None else self.visibility.clone()  # `load_state_dict` writes into it
        return GridSampler(self.log_density(), self.albedo_logits, self.bound, visibility, self.fine)

    @torch.no_grad()
    def keep_visibility(self) -> None:
        """Computes the visibility grid. Samplers use it until the next call, instead of computing their own."""
        self.visibility = GridSampler(self.log_density(), self.albedo_logits, self.bound).visibility

    def log_density(self) -> Tensor:
        """[1, 1, D, H, W]: the logarithm of the density at the voxels."""
        return self._bounded(self._sum(self.density_levels) + self.blob)

    def _bounded(self, log_density: Tensor) -> Tensor:
        return log_density if self.lowest is None else log_density.clamp(self.lowest, self.highest)

    def albedo_logits(self) -> Tensor:
        """[1, 3, D, H, W]: the albedo at the voxels, as logits of sRGB."""
        return self._sum(self.albedo_levels)

    @staticmethod
    def _sum(levels: nn.ParameterList) -> Tensor:
        """Upsamples the running sum to the size of each next level and adds that level: [1, C, D, H, W]."""
        total: Tensor = levels[0]
        for level in levels[1:]:
            total = _upsample(total, level.shape[-1]) + level
        return total

    def parameters_by_role(self) -> dict[str, list[nn.Parameter]]:
        """All parameters by what they describe: "density" and "albedo"."""
        roles = {"density": list(self.density_levels), "albedo": list(self.albedo_levels)}
        if self.fine is not None:
            roles["density"] += self.fine.density_tables
            roles["albedo"] += self.fine.albedo_tables
        return roles

    def is_occupied(self, points: Tensor) -> Tensor:
        """Whether points [N, 3] are in occupied voxels -> bool [N]. Not differentiable."""
        return self._lookup(points, self.occupied)

    def _lookup(self, points: Tensor, voxels: Tensor) -> Tensor:
        """Values of voxels [D, H, W] at points [N, 3], nearest voxel -> [N]."""
        index = ((points / self.bound + 1) * (0.5 * (self.resolution - 1))).round().long().clamp(0, self.resolution - 1)
        x, y, z = index.unbind(-1)
        return voxels.view(-1)[(z * self.resolution + y) * self.resolution + x]

    @torch.no_grad()
    def prune(self, threshold: float, margin: int = 2) -> None:
        """Recomputes the occupancy: a voxel is occupied if any density within `margin` voxels exceeds `threshold`.

        The margin lets density grow back into pruned voxels.
        """
        log_density = self.log_density()
        for axis in range(3):  # a maximum over a cube is one over each axis in turn
            window = [2 * margin + 1 if axis == other else 1 for other in range(3)]
            log_density = max_pool3d(log_density, window, stride=1, padding=[size // 2 for size in window])
        self.occupied.copy_(_activate(log_density)[0, 0] > threshold)

    @torch.no_grad()
    def density(self, points: Tensor) -> Tensor:
        """See `Field.density`."""
        sampler, occupied = self._cached_sampler()
        within = (points.abs() <= self.bound).all(-1) & self._lookup(points, occupied)
        return torch.where(within, sampler.density(points), 0.0)

    @torch.no_grad()
    def query(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """See `Field.query`. Pruned voxels are empty, as in rendered images, unless `fill` makes them solid."""
        sampler, occupied = self._cached_sampler()
        within = (points.abs() <= self.bound).all(-1) & self._lookup(points, occupied)
        return torch.where(within, sampler.density(points), 0.0), sampler.albedo(points)

    def _cached_sampler(self) -> tuple[GridSampler, Tensor]:
        """Sampler and occupancy for `query`, rebuilt when a parameter or the occupancy has changed."""
        version = tuple(p._version for p in (*self.parameters(), self.occupied))
        cached = getattr(self, "_cache", None)
        if cached is None or cached[0] != version:
            cached = (version, *self._filled_sampler())
            object.__setattr__(self, "_cache", cached)
        return cached[1:]

    def _filled_sampler(self) -> tuple[GridSampler, Tensor]:
        sampler = self.sampler()
        if not self.fill:
            return sampler, self.occupied
        density = _activate(sampler.log_density[0, 0]) * self.occupied
        mask = find_unseen(density, self.bound)
        mask |= find_small_gaps(density.masked_fill(mask, _FILL_DENSITY), self.bound)
        return sampler.fill(mask), self.occupied | mask


@lru_cache(maxsize=16)
def _interpolation_matrix(coarse: int, fine: int, device: torch.device) -> Tensor:
    """Linear interpolation from `coarse` to `fine` points along one axis, [fine, coarse]."""
    at = torch.linspace(0, coarse - 1, fine, dtype=torch.float64)
    low = at.floor().clamp_max(coarse - 2).long()
    matrix = torch.zeros(fine, coarse, dtype=torch.float64)
    rows = torch.arange(fine)
    matrix[rows, low] = 1 - (at - low)
    matrix[rows, low + 1] = at - low
    return matrix.float().to(device)


@lru_cache(maxsize=16)
def _averaging_matrix(fine: int, coarse: int, device: torch.device) -> Tensor:
    """The mean of each of `fine` points and its neighbors along one axis, interpolated at `coarse` points: [coarse, fine]."""
    near = torch.ones(fine, fine, dtype=torch.float64).tril(1).triu(-1)
    mean = (near / near.sum(1, keepdim=True)).float().to(device)
    return _interpolation_matrix(fine, coarse, device) @ mean


def _upsample(volume: Tensor, size: int) -> Tensor:
    """Trilinear interpolation of [1, C, n, n, n] to `size` voxels per axis."""
    return _resample(volume, _interpolation_matrix(volume.shape[-1], size, volume.device))


def _resample(volume: Tensor, matrix: Tensor) -> Tensor:
    """Applies a matrix [m, n] along each axis of [1, C, n, n, n]: [1, C, m, m, m].

    Interpolation by matrices equals `interpolate`, but is ten times faster on a CPU, forward and backward.
    """
    volume = matrix @ (volume @ matrix.T)
    return (matrix @ volume.flatten(3)).unflatten(3, 2 * matrix.shape[:1])
