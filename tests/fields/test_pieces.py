"""Pieces that nearly touch become one, and others stay as they are."""

import numpy as np
import pytest
import torch
from scipy.ndimage import label

from backend.fields.pieces import joints
from backend.fields.voxel_grid import VoxelGrid
from tests.fields.grid import places

BOUND, SIZE = 0.6, 48


def mushroom(gap: float, above: float = 0.05) -> torch.Tensor:
    """Density [SIZE, SIZE, SIZE] (z, y, x) of a cap whose underside is at `above`, and `gap` below it a stem."""
    x, y, z = places(BOUND, SIZE)
    radius = (x.square() + y.square()).sqrt()
    cap = (radius < 0.4) & (z > above) & (z < 0.3)
    stem = (radius < 0.12) & (z < above - gap) & (z > -0.45)
    return torch.where(cap | stem, 50.0, 0.5)


def pieces_of(solid: torch.Tensor) -> int:
    return int(label(solid.numpy())[1])


def test_a_stem_just_below_its_cap_is_joined_to_it_as_wide_as_it_is():
    density = mushroom(gap=0.08)
    solid, found = density > 10, joints(density, BOUND)
    assert pieces_of(solid) == 2
    assert pieces_of(solid | found) == 1
    assert not (found & solid).any()
    x, y, z = places(BOUND, SIZE)
    radius = (x.square() + y.square()).sqrt()
    between = (z < 0.05) & (z > -0.03)
    assert found[between & (radius < 0.11)].all()  # the whole of the stem's cross-section
    assert not found[radius > 0.3].any()
    assert not found[(z < -0.12) | (z > 0.1)].any()


def test_one_piece_stays_as_it_is():
    assert not joints(mushroom(gap=0.0), BOUND).any()
    assert not joints(torch.zeros(SIZE, SIZE, SIZE), BOUND).any()


def test_what_lies_far_apart_stays_apart():
    assert not joints(mushroom(gap=0.25), BOUND).any()


def test_crumbs_are_not_joined():
    density = mushroom(gap=0.0)
    x, y, z = places(BOUND, SIZE)
    crumb = (x.abs() < 0.02) & (y.abs() < 0.02) & ((z - 0.36).abs() < 0.02)
    density[crumb] = 50.0
    assert pieces_of(density > 10) == 2
    assert not joints(density, BOUND).any()


def test_three_in_a_row_become_one():
    x, y, z = places(BOUND, SIZE)
    radius = (x.square() + y.square()).sqrt()
    stack = (radius < 0.2) & torch.stack([(z - at).abs() < 0.1 for at in (-0.3, 0.0, 0.3)]).any(0)
    density = torch.where(stack, 50.0, 0.0)
    assert pieces_of(density > 10) == 3
    assert pieces_of((density > 10) | joints(density, BOUND)) == 1


@pytest.mark.parametrize("fill", [True, False])
def test_a_field_joins_them_for_whoever_asks_for_the_density_if_it_shall(fill):
    field = VoxelGrid((SIZE,), BOUND, 1.5, 0.3, fill)
    with torch.no_grad():
        field.density_levels[0].copy_(mushroom(gap=0.08).clamp_min(1e-3).log() - field.blob)
    field.occupied.fill_(True)
    axis = torch.linspace(-0.4, 0.2, 60)
    density = field.density(torch.stack((torch.zeros_like(axis), torch.zeros_like(axis), axis), -1)).numpy()
    assert (density.min() > 10) == fill
    assert np.isfinite(density).all()
