"""Occupancy grids of reference shapes: overlap, orientation, holes."""

import numpy as np
import pytest

from backend.asset.field_sampler import FieldSampler
from backend.lab.evaluate.occupancy import densities, grid_points, hollows, iou, middle_shape, other_shapes, solid_above
from backend.lab.world.scene import RADIUS


def test_iou():
    a, b = np.zeros((2, 4, 4, 4), bool)
    assert iou(a, b) == 0.0
    a[:2], b[1:3] = True, True
    assert iou(a, b) == pytest.approx(1 / 3)
    assert iou(a, a) == 1.0


def test_hollows_are_enclosed_in_their_horizontal_slice():
    for kind in ("ball", "chair"):
        assert not hollows(middle_shape(kind).solid(0.62)).any()
    mug = middle_shape("mug").solid(0.62)
    inside = grid_points(0.62).reshape(64, 64, 64, 3)[hollows(mug)]
    assert 0.2 < hollows(mug).sum() / mug.sum() < 1.5
    assert np.hypot(*(inside[:, :2] - inside[:, :2].mean(0)).T).max() < 0.35  # in the cup, not in the handle
    assert inside[:, 2].max() > 0.3


def test_the_volume_of_a_ball():
    solid = middle_shape("ball").solid(0.62)
    assert solid.mean() == pytest.approx(4 / 3 * np.pi * RADIUS**3 / (64 / 63 * 1.24) ** 3, rel=0.05)


def test_shapes_have_the_orientation_of_generated_objects():
    """z is up, the back of a chair is at +y, and the handle of a mug at +x."""
    points = grid_points(0.62).reshape(64, 64, 64, 3)
    chair = points[middle_shape("chair").solid(0.62)]
    assert chair[chair[:, 2] > 0.3][:, 1].mean() > 0.1
    mug = points[middle_shape("mug").solid(0.62)]
    assert mug[:, 0].max() > 0.4
    assert np.abs(mug[np.abs(mug[:, 0]) > 0.44][:, 1]).max() < 0.2


def test_a_reference_shape_overlaps_fully_with_itself():
    shape = middle_shape("torus")
    density = densities(FieldSampler(shape, 1 << 16))
    assert density.shape == (64, 64, 64)
    assert iou(solid_above(density, 1.0), shape.solid(shape.bound)) > 0.99
    others = [iou(other.solid(shape.bound), shape.solid(shape.bound)) for other in other_shapes("torus", 3)]
    assert len(set(others)) == 3
    assert all(0.6 < value < 1 for value in others)


def test_closed_cavities_are_filled_and_open_ones_are_not():
    density = np.zeros((16, 16, 16), np.float32)
    density[3:13, 3:13, 3:13] = 9.0
    density[5:11, 5:11, 5:11] = 0.0
    assert solid_above(density, 5.0).sum() == 1000
    density[7, 7, 11:] = 0.0  # a hole in the lid
    assert solid_above(density, 5.0).sum() == 1000 - 216 - 2


@pytest.mark.parametrize(("kind", "euler"), [("torus", 0), ("mug", 0)])
def test_topology_of_the_extracted_mesh(kind, euler):
    assert middle_shape(kind).topology().euler == euler
