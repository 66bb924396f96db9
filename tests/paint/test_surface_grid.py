"""Colors in voxels along a surface."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from backend.inputs.sampling import surface_points
from backend.paint.surface_grid import SurfaceGrid
from tests.paint.painted import ball

CORNERS = ball().vertices[ball().faces] / 2


def test_points_cover_the_triangles_with_the_spacing() -> None:
    from scipy.spatial import cKDTree

    points = surface_points(CORNERS, 0.02)
    random = np.random.default_rng(0).dirichlet((1, 1, 1), (len(CORNERS), 20))
    anywhere = np.einsum("fpk,fkc->fpc", random, CORNERS).reshape(-1, 3)
    assert cKDTree(points).query(anywhere)[0].max() < 0.02


def test_every_point_of_the_surface_has_all_its_voxels() -> None:
    grid = SurfaceGrid(CORNERS, (4, 16, 64), 0.62)
    points = torch.from_numpy(surface_points(CORNERS, 0.013))
    for number in range(len(grid.sizes)):
        rows, weights = grid.voxels_at(points, number)
        assert torch.allclose(weights.sum(-1), torch.ones(len(points)), atol=1e-5)
        assert ((rows >= 0) | (weights == 0)).all()


def test_the_lookup_equals_interpolation_in_a_dense_grid() -> None:
    from torch.nn.functional import grid_sample

    size, bound = 16, 0.62
    grid = SurfaceGrid(CORNERS, (size,), bound)
    dense = torch.randn(1, 3, size, size, size)
    index = grid.index_0
    used = index >= 0
    with torch.no_grad():
        grid.levels[0][index[used].long()] = dense.flatten(2)[0].T[used]
    points = torch.from_numpy(surface_points(CORNERS, 0.05))
    expected = grid_sample(dense, (points / bound).view(1, 1, 1, -1, 3), align_corners=True)[0, :, 0, 0].T
    assert torch.allclose(grid(points), expected, atol=1e-5)


def test_only_voxels_at_the_surface_exist_and_most_receive_gradients() -> None:
    grid = SurfaceGrid(CORNERS, (64,), 0.62)
    assert 0.005 < len(grid.levels[0]) / 64**3 < 0.12
    grid(torch.from_numpy(surface_points(CORNERS, 0.004))).sum().backward()
    assert (grid.levels[0].grad.abs().sum(-1) > 0).float().mean() > 0.75


def test_total_variation_is_zero_for_one_color_and_grows_with_noise() -> None:
    grid = SurfaceGrid(CORNERS, (8, 16), 0.62)
    assert grid.total_variation().item() == 0
    with torch.no_grad():
        grid.levels[1].normal_()
    assert grid.total_variation().item() > 0.5


def test_total_variation_pulls_at_noise_and_at_borders_with_the_same_force_at_most() -> None:
    grid = SurfaceGrid(CORNERS, (16,), 0.62)
    values = grid.levels[0]
    one, _ = grid.finest_pairs.long().unbind(0)
    slopes = []
    for difference in (0.01, 1.0, 4.0):
        with torch.no_grad():
            values.zero_()
            values[one[0]] = difference
        values.grad = None
        grid.total_variation().backward()
        slopes.append(float(values.grad[one[0], 0]))
    small, border, strong = slopes
    assert 0 < small < 0.1 * border
    assert border == pytest.approx(strong)
