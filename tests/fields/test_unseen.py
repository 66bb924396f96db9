"""What no view shows, against rays that are followed one by one."""

import math

import pytest
import torch

from backend.fields.unseen import LEVEL_DEG, STEEP_DEG, best_view, directions, unseen
from backend.fields.voxel_grid import VoxelGrid
from tests.fields.grid import places

BOUND, SIZE = 0.6, 24
EVERYWHERE = LEVEL_DEG + STEEP_DEG


def cube_of(*hollows: torch.Tensor) -> torch.Tensor:
    """Density [SIZE, SIZE, SIZE] (z, y, x) of an opaque block, 0.8 wide, without `hollows`."""
    x, y, z = places(BOUND, SIZE)
    solid = (x.abs() < 0.4) & (y.abs() < 0.4) & (z.abs() < 0.4)
    for hollow in hollows:
        solid &= ~hollow
    return torch.where(solid, 100.0, 0.0)


def at(volume: torch.Tensor, x: float, y: float, z: float) -> float:
    index = [round((value / BOUND + 1) / 2 * (SIZE - 1)) for value in (z, y, x)]
    return volume[tuple(index)].item()


@pytest.mark.parametrize("flip", [1, -1])
def test_a_pit_is_seen_from_above_and_not_from_below(flip):
    x, y, z = places(BOUND, SIZE)
    pit = (x.square() + y.square() < 0.25**2) & (flip * z > -0.2)
    seen = best_view(cube_of(pit), BOUND, EVERYWHERE)
    assert (at(seen, 0, 0, -0.1 * flip) > 0.9) == (flip == 1)
    assert (at(seen, 0, 0, -0.1 * flip) < 0.01) == (flip == -1)
    assert at(seen, 0, 0, -0.5) > 0.9  # the air below
    assert at(seen, 0.3, 0.3, 0.0) < 0.01  # the wall


def test_a_tunnel_is_seen_from_its_ends():
    x, _, z = places(BOUND, SIZE)
    seen = best_view(cube_of((x.abs() < 0.15) & (z.abs() < 0.15)), BOUND, EVERYWHERE)
    assert at(seen, 0, 0, 0) > 0.9
    assert at(seen, 0.3, 0, 0) < 0.01


def test_it_is_the_best_of_the_rays_transmittances():
    density = 4 * torch.rand(SIZE, SIZE, SIZE, generator=torch.Generator().manual_seed(0))
    density = torch.nn.functional.avg_pool3d(density[None, None], 5, 1, 2)[0, 0]  # interpolation then hardly counts
    seen = best_view(density, BOUND, EVERYWHERE)
    step = 0.002
    t = (torch.arange(1000) + 0.5) * step
    for place in ((0.0, 0.0, 0.0), (0.2, -0.1, 0.3), (-0.3, 0.3, -0.2)):
        index = [round((value / BOUND + 1) / 2 * (SIZE - 1)) for value in place]
        start = torch.tensor([2 * BOUND * i / (SIZE - 1) - BOUND for i in index])
        points = start + t[None, :, None] * directions(EVERYWHERE)[:, None]
        grid = (points / BOUND)[None, None]
        sampled = torch.nn.functional.grid_sample(density[None, None], grid, align_corners=True)
        inside = (points.abs() <= BOUND).all(-1)
        # Half of the own cell does not count.
        depth = (sampled[0, 0, 0] * inside * (t > BOUND / (SIZE - 1))).sum(-1) * step
        assert seen[index[2], index[1], index[0]] == pytest.approx(math.exp(-depth.min()), rel=0.1)


def test_a_field_that_fills_is_solid_where_nobody_looks_and_else_as_it_was():
    x, y, z = places(BOUND, SIZE)
    pit = (x.square() + y.square() < 0.2**2) & (z > 0.0)
    below = (x.square() + y.square() < 0.2**2) & (z < -0.15)
    density = cube_of(pit, below)
    fields = [VoxelGrid((8, SIZE), BOUND, 1.0, 10.0, fill) for fill in (False, True)]
    for one in fields:
        with torch.no_grad():
            one.density_levels[-1][0, 0] = torch.where(density > 0, 5.0, -6.0)
        one.prune(0.1)
    points = torch.tensor([[0.0, 0.0, 0.2], [0.0, 0.0, -0.3], [0.3, 0.3, 0.0], [0.0, 0.0, -0.5], [0.0, 0.5, 0.0]])
    plain, filled = (one.density(points) for one in fields)
    assert plain[1] < 0.1
    assert filled[1] > 20
    assert torch.equal(plain[[0, 2, 3, 4]], filled[[0, 2, 3, 4]])
    volume = [one.sampler().volume for one in fields]
    assert torch.equal(*volume)  # what pictures are made of


@pytest.mark.parametrize(("fog", "floor"), [(0.0, False), (1.5, True)])
def test_a_hollow_that_stops_light_has_a_floor(fog, floor):
    x, y, z = places(BOUND, SIZE)
    shaft = (x.square() + y.square() < 0.25**2) & (z.abs() < 0.4)
    density = torch.where(shaft, fog, cube_of(shaft))
    solid = unseen(density, BOUND)
    assert bool(at(solid, 0, 0, -0.35)) == floor
    assert not at(solid, 0, 0, 0.0)
    assert not at(solid, 0, 0, 0.3)
    assert not at(solid, 0, 0, -0.5)
    assert at(solid, 0.35, 0, -0.35)
