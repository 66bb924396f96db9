"""The initial density of an object that starts from a mesh, and its bounds."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from backend.fields.start import FARTHEST, NEAREST, SURFACE, start_of
from backend.fields.voxel_grid import VoxelGrid

DISTANCE = torch.linspace(-0.5, 0.5, 201)
SIZE, BOUND, RADIUS = 64, 0.62, 0.35


def ball() -> Tensor:
    axis = torch.linspace(-BOUND, BOUND, SIZE)
    z, y, x = torch.meshgrid(axis, axis, axis, indexing="ij")
    return (x * x + y * y + z * z).sqrt() - RADIUS


def volume(grid: VoxelGrid) -> float:
    """The share of the cube with a density above that of the surface, from a finer grid of points."""
    points = torch.rand(200_000, 3, generator=torch.Generator().manual_seed(0)) * 2 * BOUND - BOUND
    return float((grid.density(points) > SURFACE).float().mean())


def test_density_falls_across_the_surface() -> None:
    for freedom in (0.0, 0.5, 1.0):
        density = start_of(DISTANCE, freedom).initial.exp()
        assert (density.diff() <= 1e-6).all()
        assert density[0] > 2 > 0.01 > density[-1]


def test_without_bounds_everything_can_change() -> None:
    start = start_of(DISTANCE, 1.0)
    assert start.lowest is None
    assert start.highest is None
    assert start.initial.max() <= math.log(3.01)
    assert start.initial.min() >= math.log(0.99e-4)


@pytest.mark.parametrize("freedom", [0.0, 0.3, 0.9])
def test_freedom_is_the_width_of_the_band_in_which_the_surface_can_move(freedom: float) -> None:
    start = start_of(DISTANCE, freedom)
    assert start.lowest is not None
    assert start.highest is not None
    band, level = NEAREST + (FARTHEST - NEAREST) * freedom, math.log(SURFACE)
    assert ((start.lowest > level) == (-band > DISTANCE)).all()
    assert ((start.highest < level) == (band < DISTANCE)).all()
    assert (start.lowest <= start.highest).all()


@pytest.mark.parametrize("change", [-30.0, 0.0, 30.0], ids=["emptied", "unchanged", "filled"])
def test_without_freedom_the_surface_stays_whatever_the_optimization_does(change: float) -> None:
    grid = VoxelGrid((8, SIZE), BOUND, 1.0, 0.2, start=start_of(ball(), 0.0))
    with torch.no_grad():
        for level in grid.density_levels:
            level.add_(change)
    true = 4 / 3 * math.pi * RADIUS**3 / (2 * BOUND) ** 3
    assert volume(grid) == pytest.approx(true, rel=0.05)


def test_with_some_freedom_the_surface_moves_to_the_edges_of_the_band() -> None:
    grid = VoxelGrid((8, SIZE), BOUND, 1.0, 0.2, start=start_of(ball(), 0.2))
    band = NEAREST + (FARTHEST - NEAREST) * 0.2
    for change, radius in ((30.0, RADIUS + band), (-60.0, RADIUS - band)):
        with torch.no_grad():
            for level in grid.density_levels:
                level.add_(change)
        assert volume(grid) == pytest.approx(4 / 3 * math.pi * radius**3 / (2 * BOUND) ** 3, rel=0.06)


def test_bounds_stop_gradients_only_beyond_the_band() -> None:
    grid = VoxelGrid((SIZE,), BOUND, 1.0, 0.2, start=start_of(ball(), 0.2))
    grid.log_density().sum().backward()
    (gradient,) = (level.grad for level in grid.density_levels)
    assert gradient is not None
    middle = SIZE // 2
    assert gradient[0, 0, middle, middle, middle] == 0  # certainly solid
    assert gradient[0, 0, middle, middle, middle + round(RADIUS / (2 * BOUND / (SIZE - 1)))] > 0
