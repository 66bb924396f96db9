"""Unseen voxels, against individually traced rays."""

import math

import pytest
import torch

from backend.fields.unseen import (
    HIGH_ELEVATIONS_DEG,
    LOW_ELEVATIONS_DEG,
    camera_directions,
    find_unseen,
    max_transmittance,
)
from backend.fields.voxel_grid import VoxelGrid
from tests.fields.coordinates import voxel_coordinates

BOUND, SIZE = 0.6, 24
ALL_ELEVATIONS_DEG = LOW_ELEVATIONS_DEG + HIGH_ELEVATIONS_DEG


def cube_of(*hollows: torch.Tensor) -> torch.Tensor:
    """Density [SIZE, SIZE, SIZE] (z, y, x) of an opaque cube, 0.8 wide, without `hollows`."""
    x, y, z = voxel_coordinates(BOUND, SIZE)
    solid = (x.abs() < 0.4) & (y.abs() < 0.4) & (z.abs() < 0.4)
    for hollow in hollows:
        solid &= ~hollow
    return torch.where(solid, 100.0, 0.0)


def at(volume: torch.Tensor, x: float, y: float, z: float) -> float:
    index = [round((value / BOUND + 1) / 2 * (SIZE - 1)) for value in (z, y, x)]
    return volume[tuple(index)].item()


@pytest.mark.parametrize("flip", [1, -1])
def test_a_pit_is_seen_from_above_and_not_from_below(flip):
    x, y, z = voxel_coordinates(BOUND, SIZE)
    pit = (x.square() + y.square() < 0.25**2) & (flip * z > -0.2)
    seen = max_transmittance(cube_of(pit), BOUND, ALL_ELEVATIONS_DEG)
    assert (at(seen, 0, 0, -0.1 * flip) > 0.9) == (flip == 1)
    assert (at(seen, 0, 0, -0.1 * flip) < 0.01) == (flip == -1)
    assert at(seen, 0, 0, -0.5) > 0.9  # the air below
    assert at(seen, 0.3, 0.3, 0.0) < 0.01  # the wall


def test_a_tunnel_is_seen_from_its_ends():
    x, _, z = voxel_coordinates(BOUND, SIZE)
    seen = max_transmittance(cube_of((x.abs() < 0.15) & (z.abs() < 0.15)), BOUND, ALL_ELEVATIONS_DEG)
    assert at(seen, 0, 0, 0) > 0.9
    assert at(seen, 0.3, 0, 0) < 0.01


def test_it_is_the_maximum_over_traced_rays():
    density = 4 * torch.rand(SIZE, SIZE, SIZE, generator=torch.Generator().manual_seed(0))
    density = torch.nn.functional.avg_pool3d(density[None, None], 5, 1, 2)[
        0, 0
    ]  # smooth, so that interpolation matters little
    seen = max_transmittance(density, BOUND, ALL_ELEVATIONS_DEG)
    step = 0.002
    t = (torch.arange(1000) + 0.5) * step
    for place in ((0.0, 0.0, 0.0), (0.2, -0.1, 0.3), (-0.3, 0.3, -0.2)):
        index = [round((value / BOUND + 1) / 2 * (SIZE - 1)) for value in place]
        start = torch.tensor([2 * BOUND * i / (SIZE - 1) - BOUND for i in index])
        points = start + t[None, :, None] * camera_directions(ALL_ELEVATIONS_DEG)[:, None]
        grid = (points / BOUND)[None, None]
        sampled = torch.nn.functional.grid_sample(density[None, None], grid, align_corners=True)
        inside = (points.abs() <= BOUND).all(-1)
        # The first half voxel is left out, because the voxel's own density does not count.
        depth = (sampled[0, 0, 0] * inside * (t > BOUND / (SIZE - 1))).sum(-1) * step
        assert seen[index[2], index[1], index[0]] == pytest.approx(math.exp(-depth.min()), rel=0.1)


def test_a_field_with_fill_is_solid_where_it_is_unseen_and_unchanged_elsewhere():
    x, y, z = voxel_coordinates(BOUND, SIZE)
    pit = (x.square() + y.square() < 0.2**2) & (z > 0.0)
    below = (x.square() + y.square() < 0.2**2) & (z < -0.15)
    density = cube_of(pit, below)
    fields = [VoxelGrid((8, SIZE), BOUND, 1.0, 10.0, fill) for fill in (False, True)]
    for field in fields:
        with torch.no_grad():
            field.density_levels[-1][0, 0] = torch.where(density > 0, 5.0, -6.0)
        field.prune(0.1)
    points = torch.tensor([[0.0, 0.0, 0.2], [0.0, 0.0, -0.3], [0.3, 0.3, 0.0], [0.0, 0.0, -0.5], [0.0, 0.5, 0.0]])
    plain, filled = (field.density(points) for field in fields)
    assert plain[1] < 0.1
    assert filled[1] > 20
    assert torch.equal(plain[[0, 2, 3, 4]], filled[[0, 2, 3, 4]])
    volumes = [field.log_density() for field in fields]
    assert torch.equal(*volumes)  # rendered images do not change


@pytest.mark.parametrize(("fog", "floor"), [(0.0, False), (1.5, True)])
def test_a_hollow_that_attenuates_light_has_a_floor(fog, floor):
    x, y, z = voxel_coordinates(BOUND, SIZE)
    shaft = (x.square() + y.square() < 0.25**2) & (z.abs() < 0.4)
    density = torch.where(shaft, fog, cube_of(shaft))
    solid = find_unseen(density, BOUND)
    assert bool(at(solid, 0, 0, -0.35)) == floor
    assert not at(solid, 0, 0, 0.0)
    assert not at(solid, 0, 0, 0.3)
    assert not at(solid, 0, 0, -0.5)
    assert at(solid, 0.35, 0, -0.35)
