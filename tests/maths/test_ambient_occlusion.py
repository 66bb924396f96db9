"""Ambient occlusion against known solid angles and individually traced rays."""

import math

import numpy as np
import pytest
import torch
from torch import Tensor

from backend.maths.ambient_occlusion import (
    BOUNCE,
    CELLS,
    OPAQUE,
    _diagonal_sums,
    ambient_occlusion,
    cell_axis,
    visibility_grid,
)

BOUND = 0.6
UP = torch.tensor([[0.0, 0.0, 1.0]])


def grid() -> tuple[Tensor, Tensor, Tensor]:
    """x, y, z of the grid points, each [CELLS, CELLS, CELLS] (z, y, x)."""
    axis = cell_axis(BOUND)
    z, y, x = torch.meshgrid(axis, axis, axis, indexing="ij")
    return x, y, z


def direct_share(solid: Tensor, point: tuple[float, float, float], normal: Tensor = UP) -> float:
    """Ambient occlusion without reflected light."""
    visibility = visibility_grid(OPAQUE * solid[None].float(), BOUND)
    total = float(ambient_occlusion(visibility, BOUND, torch.tensor([point]), normal))
    return total * (1 - BOUNCE) / (1 - BOUNCE * total)


def pit(radius: float, floor: float) -> Tensor:
    """A block up to z = 0.3 with a round pit down to z = `floor`."""
    x, y, z = grid()
    return (z < 0.3) & ~((x.square() + y.square() < radius**2) & (z > floor))


def test_an_empty_grid_occludes_nothing():
    assert direct_share(torch.zeros(CELLS, CELLS, CELLS), (0.1, -0.2, 0.3)) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(("axis", "sign"), [(0, 1), (0, -1), (1, 1), (1, -1), (2, 1), (2, -1)])
def test_a_wall_does_not_occlude_its_own_surface_and_fully_occludes_its_inside(axis, sign):
    solid = sign * grid()[axis] < 0.0
    normal = torch.zeros(1, 3)
    normal[0, axis] = sign
    assert direct_share(solid, (0.0, 0.0, 0.0), normal) > 0.95
    inside = [0.0, 0.0, 0.0]
    inside[axis] = -0.4 * sign
    assert direct_share(solid, tuple(inside), normal) < 0.05


@pytest.mark.parametrize(("radius", "floor"), [(0.35, 0.0), (0.25, 0.0), (0.25, -0.3), (0.15, -0.3)])
def test_the_floor_of_a_pit_receives_light_through_its_mouth(radius, floor):
    """At the center of the floor, the cosine-weighted share is sin^2 of the mouth's half angle.

    Fourteen directions approximate it coarsely.
    """
    angle = math.atan2(radius, 0.3 - floor)
    assert direct_share(pit(radius, floor), (0.0, 0.0, floor)) == pytest.approx(math.sin(angle) ** 2, abs=0.22)


def test_deeper_pits_are_darker():
    shares = [direct_share(pit(0.25, floor), (0.0, 0.0, floor)) for floor in (0.25, 0.1, -0.05, -0.2)]
    assert shares == sorted(shares, reverse=True)
    assert shares[-1] < 0.5 * shares[0]


def test_moments_equal_those_of_traced_rays():
    """At points in and around a cloud, with two thousand rays marched in small steps."""
    x, y, z = grid()
    density = 6 * torch.exp(-(x.square() + y.square() + 2 * z.square()) / 0.08)
    visibility = visibility_grid(density[None], BOUND)
    generator = torch.Generator().manual_seed(0)
    rays = torch.nn.functional.normalize(torch.randn(2000, 3, generator=generator), dim=-1)
    steps = torch.linspace(0.5 * 2 * BOUND / (CELLS - 1), 1.2, 200)  # starts outside the point's own cell
    for i, j, k in ((12, 12, 12), (12, 12, 18), (6, 12, 10), (20, 4, 12)):
        start = torch.stack((x[i, j, k], y[i, j, k], z[i, j, k]))
        at = start + steps[None, :, None] * rays[:, None]
        squares = at.square()
        along = 6 * torch.exp(-(squares[..., 0] + squares[..., 1] + 2 * squares[..., 2]) / 0.08)
        inside = (at.abs() <= BOUND).all(-1)
        light = torch.exp(-(along * inside).sum(1) * 1.2 / 200)
        assert float(visibility[0, 0, i, j, k]) == pytest.approx(float(light.mean()), abs=0.06)
        for axis in range(3):
            assert float(visibility[0, 1 + axis, i, j, k]) == pytest.approx(
                float((light * rays[:, axis]).mean()), abs=0.06
            )


def test_each_point_is_looked_up_in_its_own_grid():
    grids = torch.stack((torch.zeros(CELLS, CELLS, CELLS), pit(0.25, -0.3).float()))
    visibility = visibility_grid(OPAQUE * grids, BOUND)
    points = torch.tensor([[0.0, 0.0, -0.3]]).expand(2, 3)
    both = ambient_occlusion(visibility, BOUND, points, UP.expand(2, 3), torch.tensor([0, 1]))[:, 0]
    assert both[0] == pytest.approx(1, abs=1e-5)
    assert both[1] < 0.6
    alone = ambient_occlusion(visibility[1:], BOUND, points[1:], UP)[:, 0]
    assert torch.allclose(both[1:], alone, atol=1e-6)


@pytest.mark.parametrize(("x", "y"), [(1, 1), (1, -1), (-1, 1), (-1, -1)])
def test_sums_along_diagonals_equal_those_cell_by_cell(x, y):
    density = torch.rand(2, 4, 5, 6, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    after, before = (torch.zeros_like(density) for _ in range(2))
    for k, j, i in np.ndindex(4, 5, 6):
        for distance in range(1, 4):
            for total, sign in ((after, 1), (before, -1)):
                at = (k + sign * distance, j + sign * distance * y, i + sign * distance * x)
                if all(0 <= one < size for one, size in zip(at, (4, 5, 6), strict=True)):
                    total[:, k, j, i] += density[:, *at]
    for made, true in zip(_diagonal_sums(density, x, y), (after, before), strict=True):
        torch.testing.assert_close(made, true)
