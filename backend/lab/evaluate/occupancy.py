"""Occupancy grids [N, N, N] of fields and reference shapes, over x, y, z = -bound .. bound, both ends included."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.ndimage import binary_fill_holes
from torch import Tensor

from ...asset.field_sampler import FieldSampler
from ...asset.surface import extract_surface
from ...asset.topology import Topology, examine
from ...config.mesh import MeshSettings
from ..world.kinds import KINDS, Kind
from ..world.scene import RADIUS, Objects, draw_sizes, middle_sizes, place

Solid = NDArray[np.bool_]
GRID = 64
_SHARPNESS = 0.004  # world units over which the density of a reference shape falls to 1/e


def grid_points(bound: float, resolution: int = GRID) -> NDArray[np.float64]:
    """[N^3, 3]: the points of the grid, x slowest."""
    axis = np.linspace(-bound, bound, resolution)
    return np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), -1).reshape(-1, 3)


def densities(sampler: FieldSampler, resolution: int = GRID) -> NDArray[np.float32]:
    """[N, N, N]: the densities of a field, per unit of length."""
    return sampler.density(grid_points(sampler.bound, resolution)).reshape(3 * (resolution,))


def solid_above(density: NDArray[np.float32], level: float) -> Solid:
    """Returns where the density exceeds `level`, with closed cavities filled as in the worker's meshes."""
    filled: Solid = binary_fill_holes(density > level)
    return filled


def iou(a: Solid, b: Solid) -> float:
    """Intersection over union, 0 for two empty solids."""
    union = int((a | b).sum())
    return int((a & b).sum()) / union if union else 0.0


def hollows(solid: Solid) -> Solid:
    """Returns empty regions enclosed within their horizontal slice: the insides of vessels, the holes of flat rings."""
    filled: Solid = np.stack([binary_fill_holes(level) for level in np.moveaxis(solid, 2, 0)], -1)
    return filled & ~solid


class ReferenceShape:
    """An object of the procedural world as a field (see `fields.base.Field`).

    Its frame is that of generated objects: z up, front toward -y, the object centered and just inside the sphere of
    `scene.RADIUS`.
    """

    bound = 1.1 * RADIUS

    def __init__(self, objects: Objects) -> None:
        """objects: a batch of one, wherever it is placed."""
        self._objects = objects

    @classmethod
    def of(cls, kind: Kind, sizes: dict[str, Tensor]) -> ReferenceShape:
        """A kind in its usual place."""
        center, scale = place(kind, sizes)
        return cls(Objects(kind, sizes, center, scale, torch.zeros(1, len(kind.parts), 3)))

    def distance(self, points: Tensor) -> Tensor:
        """points [N, 3] -> signed distance to the object [N], negative inside."""
        return self._objects.distances(points, torch.zeros(len(points), dtype=torch.long)).amin(-1)

    def density(self, points: Tensor) -> Tensor:
        """points [N, 3] -> density [N]: 1 at the surface, increasing inward."""
        return torch.exp((-self.distance(points) / _SHARPNESS).clamp(-20, 20))

    def query(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """points [N, 3] -> density [N], gray albedo [N, 3]."""
        return self.density(points), torch.full_like(points, 0.5)

    def solid(self, bound: float, resolution: int = GRID) -> Solid:
        """The shape on the grid [N, N, N]."""
        points = torch.as_tensor(grid_points(bound, resolution), dtype=torch.float32)
        inside = torch.cat([self.distance(part) < 0 for part in points.split(1 << 16)])
        return inside.view(3 * (resolution,)).numpy()

    def topology(self) -> Topology:
        """Topology of the mesh that the worker would extract from the shape."""
        settings = MeshSettings(resolution=128, iso_level=1.0)
        return examine(extract_surface(FieldSampler(self, settings.chunk_points), settings).mesh)


def middle_shape(kind: str) -> ReferenceShape:
    """The shape of a kind with all proportions in the middle of their ranges."""
    return ReferenceShape.of(KINDS[kind], middle_sizes(KINDS[kind]))


def other_shapes(kind: str, count: int, seed: int = 0) -> Iterator[ReferenceShape]:
    """Yields shapes of a kind with random proportions, because a prompt does not specify them."""
    generator = torch.Generator().manual_seed(seed)
    for _ in range(count):
        yield ReferenceShape.of(KINDS[kind], draw_sizes(KINDS[kind], 1, generator))
