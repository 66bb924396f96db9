"""The initial density of an object that starts from a mesh."""

from __future__ import annotations

import math

import torch

from backend.fields.start import FARTHEST, WALL, log_density
from backend.fields.voxel_grid import VoxelGrid

DISTANCE = torch.linspace(-0.5, 0.5, 201)


def test_density_falls_across_the_surface() -> None:
    for freedom in (0.0, 0.5, 1.0):
        density = log_density(DISTANCE, freedom).exp()
        assert (density.diff() <= 1e-6).all()
        assert density[0] > 2 > 0.01 > density[-1]


def test_freedom_is_the_width_of_the_band_in_which_the_surface_can_move() -> None:
    for freedom in (0.0, 0.3, 0.9):
        density = log_density(DISTANCE, freedom)
        beyond = FARTHEST * freedom + WALL
        # The levels of the grid would have to add this much.
        assert (density[beyond + 1e-6 < DISTANCE] < -16).all()
        assert (density[-beyond - 1e-6 > DISTANCE] > math.log(3) + 3.9).all()


def test_without_limits_everything_can_change() -> None:
    density = log_density(DISTANCE, 1.0)
    assert density.max() <= math.log(3.01)
    assert density.min() >= math.log(0.99e-4)


def test_a_grid_begins_as_the_mesh() -> None:
    axis = torch.linspace(-0.62, 0.62, 32)
    z, y, x = torch.meshgrid(axis, axis, axis, indexing="ij")
    start = log_density((x * x + y * y + z * z).sqrt() - 0.4, 0.0)
    grid = VoxelGrid((8, 32), 0.62, 1.0, 0.2, start=start)
    points = torch.tensor([(0.0, 0.0, 0.0), (0.3, 0.0, 0.0), (0.5, 0.0, 0.0)])
    density = grid.density(points)
    assert density[0] > 20
    assert density[1] > 20
    assert density[2] < 1e-3
