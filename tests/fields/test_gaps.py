"""Small gaps between components are closed, everything else stays as it is."""

import numpy as np
import pytest
import torch
from scipy.ndimage import label

from backend.fields.gaps import find_small_gaps
from backend.fields.voxel_grid import VoxelGrid
from tests.fields.coordinates import voxel_coordinates

BOUND, SIZE = 0.6, 48


def mushroom(gap: float, above: float = 0.05) -> torch.Tensor:
    """Density [SIZE, SIZE, SIZE] (z, y, x) of a cap with its underside at `above`, and a stem that ends `gap` below it."""
    x, y, z = voxel_coordinates(BOUND, SIZE)
    radius = (x.square() + y.square()).sqrt()
    cap = (radius < 0.4) & (z > above) & (z < 0.3)
    stem = (radius < 0.12) & (z < above - gap) & (z > -0.45)
    return torch.where(cap | stem, 50.0, 0.5)


def count_components(solid: torch.Tensor) -> int:
    return int(label(solid.numpy())[1])


def test_a_stem_just_below_its_cap_is_connected_over_its_whole_width():
    density = mushroom(gap=0.08)
    solid, found = density > 10, find_small_gaps(density, BOUND)
    assert count_components(solid) == 2
    assert count_components(solid | found) == 1
    assert not (found & solid).any()
    x, y, z = voxel_coordinates(BOUND, SIZE)
    radius = (x.square() + y.square()).sqrt()
    between = (z < 0.05) & (z > -0.03)
    assert found[between & (radius < 0.11)].all()  # the whole cross-section of the stem
    assert not found[radius > 0.3].any()
    assert not found[(z < -0.12) | (z > 0.1)].any()


def test_a_single_component_has_no_gaps():
    assert not find_small_gaps(mushroom(gap=0.0), BOUND).any()
    assert not find_small_gaps(torch.zeros(SIZE, SIZE, SIZE), BOUND).any()


def test_distant_components_stay_separate():
    assert not find_small_gaps(mushroom(gap=0.25), BOUND).any()


def test_tiny_components_are_not_connected():
    density = mushroom(gap=0.0)
    x, y, z = voxel_coordinates(BOUND, SIZE)
    tiny = (x.abs() < 0.02) & (y.abs() < 0.02) & ((z - 0.36).abs() < 0.02)
    density[tiny] = 50.0
    assert count_components(density > 10) == 2
    assert not find_small_gaps(density, BOUND).any()


def test_three_components_in_a_row_become_one():
    x, y, z = voxel_coordinates(BOUND, SIZE)
    radius = (x.square() + y.square()).sqrt()
    stack = (radius < 0.2) & torch.stack([(z - at).abs() < 0.1 for at in (-0.3, 0.0, 0.3)]).any(0)
    density = torch.where(stack, 50.0, 0.0)
    assert count_components(density > 10) == 3
    assert count_components((density > 10) | find_small_gaps(density, BOUND)) == 1


@pytest.mark.parametrize("fill", [True, False])
def test_the_density_for_the_mesh_closes_gaps_if_fill_is_on(fill):
    field = VoxelGrid((SIZE,), BOUND, 1.5, 0.3, fill)
    with torch.no_grad():
        field.density_levels[0].copy_(mushroom(gap=0.08).clamp_min(1e-3).log() - field.blob)
    field.occupied.fill_(True)
    axis = torch.linspace(-0.4, 0.2, 60)
    density = field.density(torch.stack((torch.zeros_like(axis), torch.zeros_like(axis), axis), -1)).numpy()
    assert (density.min() > 10) == fill
    assert np.isfinite(density).all()
