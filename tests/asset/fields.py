"""Fields with known shape and colors, and a voxel grid like those that jobs optimize."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

Distance = Callable[[Tensor], Tensor]  # points [N, 3] -> signed distance [N], negative inside
Color = Callable[[Tensor], Tensor]  # points [N, 3] -> linear albedo [N, 3]


class ShapeField:
    """Density rises from 0 to `firmness` within about `softness` (world units) around the zero of a signed distance."""

    def __init__(
        self,
        distance: Distance,
        color: Color | None = None,
        bound: float = 1.0,
        softness: float = 0.01,
        firmness: float = 200.0,
    ) -> None:
        self.bound, self._distance, self._softness, self._firmness = bound, distance, softness, firmness
        self._color = color or (lambda points: torch.full_like(points, 0.5))
        self.evaluations = 0  # points so far

    def density(self, points: Tensor) -> Tensor:
        self.evaluations += len(points)
        return self._firmness * torch.sigmoid(-self._distance(points) / self._softness)

    def query(self, points: Tensor) -> tuple[Tensor, Tensor]:
        return self.density(points), self._color(points)


class VoxelField(torch.nn.Module):
    """Interpolated log densities and albedo logits on a grid [size^3], similar to the field of the preset "fast"."""

    def __init__(self, source: ShapeField, size: int = 64, noise: float = 0.0, seed: int = 0) -> None:
        super().__init__()
        self.bound = source.bound
        axis = torch.linspace(-source.bound, source.bound, size)
        points = torch.stack(torch.meshgrid(axis, axis, axis, indexing="ij"), -1).reshape(-1, 3)
        density, albedo = source.query(points)
        raw = torch.cat((density.clamp_min(1e-4).log()[:, None].clamp(-5, 5), torch.logit(albedo.clamp(0.01, 0.99))), 1)
        raw[:, :1] += noise * torch.randn(raw[:, :1].shape, generator=torch.Generator().manual_seed(seed))
        self.register_buffer("grid", raw.T.reshape(1, 4, size, size, size).permute(0, 1, 4, 3, 2).contiguous())

    def density(self, points: Tensor) -> Tensor:
        return self._interpolate(points, self.grid[:, :1])[:, 0].exp()

    def query(self, points: Tensor) -> tuple[Tensor, Tensor]:
        values = self._interpolate(points, self.grid)
        return values[:, 0].exp(), values[:, 1:].sigmoid()

    def _interpolate(self, points: Tensor, grid: Tensor) -> Tensor:
        normalized = (points / self.bound)[None, None, None]
        return torch.nn.functional.grid_sample(grid, normalized, align_corners=True)[0, :, 0, 0].T


def sphere(radius: float = 0.5, center: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> Distance:
    return lambda points: (points - torch.tensor(center)).norm(dim=-1) - radius


def torus(major: float = 0.55, minor: float = 0.2) -> Distance:
    return lambda points: torch.hypot(torch.hypot(points[:, 0], points[:, 1]) - major, points[:, 2]) - minor


def cylinder(radius: float, low: float, high: float) -> Distance:
    """Upright, from z = low to high."""

    def distance(points: Tensor) -> Tensor:
        side = torch.hypot(points[:, 0], points[:, 1]) - radius
        ends = (points[:, 2] - (low + high) / 2).abs() - (high - low) / 2
        return torch.maximum(side, ends)

    return distance


def mug() -> Distance:
    """A mug, open at the top, with its handle at +x. Euler characteristic 0, like a torus."""
    outer, inner = cylinder(0.4, -0.5, 0.5), cylinder(0.31, -0.38, 0.7)

    def handle(points: Tensor) -> Tensor:
        ring = torch.hypot(points[:, 0] - 0.42, points[:, 2]) - 0.24
        return torch.maximum(torch.hypot(ring, points[:, 1]) - 0.07, 0.36 - torch.hypot(points[:, 0], points[:, 1]))

    return union(lambda points: torch.maximum(outer(points), -inner(points)), handle)


def union(*shapes: Distance) -> Distance:
    return lambda points: torch.stack([shape(points) for shape in shapes]).amin(0)


def minus(shape: Distance, hole: Distance) -> Distance:
    return lambda points: torch.maximum(shape(points), -hole(points))


def halves(points: Tensor) -> Tensor:
    """Red above z = 0, blue below, linear RGB [N, 3]."""
    upper = (points[:, 2:] > 0).to(points.dtype)
    return upper * torch.tensor([0.8, 0.05, 0.05]) + (1 - upper) * torch.tensor([0.05, 0.1, 0.7])
