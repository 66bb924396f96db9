"""The front of edited meshes, without Blender."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dreamfusion_blender.changing import frame


def turned(points: np.ndarray, angle_deg: float) -> np.ndarray:
    c, s = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
    return points @ np.array([(c, -s, 0), (s, c, 0), (0, 0, 1)]).T


@pytest.mark.parametrize(("angle_deg", "front_deg"), [(0, 0), (90, 90), (-90, 270), (33, 35)])
def test_texture_coordinates_tell_where_the_front_is(angle_deg: float, front_deg: float) -> None:
    random = np.random.default_rng(0)
    points, uv = random.normal(size=(600, 3)), random.random((600, 2))
    sculpted = points + 0.1 * np.sin(3 * points[:, ::-1])
    kept = random.permutation(600)[:200]  # the others were deleted
    moved = turned(sculpted[kept] * (1, 1.5, 0.7) + (5, 0, 2), angle_deg)
    new, new_uv = random.normal(size=(50, 3)), random.random((50, 2)) + 5  # added in Edit Mode
    images, image_uv = np.concatenate((moved, new)), np.concatenate((uv[kept], new_uv))
    assert frame.front_of(points, uv, images, image_uv.astype(np.float32)) == front_deg


def test_a_new_uv_map_tells_nothing() -> None:
    random = np.random.default_rng(1)
    points, uv = random.normal(size=(100, 3)), random.random((100, 2))
    assert frame.front_of(points, uv, turned(points, 90), random.random((100, 2))) == 0
