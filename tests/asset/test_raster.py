"""The rasterizer against exact half-plane tests for every pixel."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.asset import raster
from backend.asset.raster import coverage, rasterize

number = st.floats(-6, 22, allow_nan=False, width=32)
triangle = st.lists(st.tuples(number, number), min_size=3, max_size=3)


def cross(p: np.ndarray, q: np.ndarray) -> float:
    return float(p[0] * q[1] - p[1] * q[0])


def pixels_inside(corners: np.ndarray, width: int, height: int) -> set[int]:
    """Pixels whose centers are strictly inside a triangle [3, 2], by half-plane tests."""
    found = set()
    for y in range(height):
        for x in range(width):
            point = np.array((x + 0.5, y + 0.5))
            sides = [cross(b - a, point - a) for a, b in zip(corners, np.roll(corners, -1, 0), strict=True)]
            if all(s > 1e-6 for s in sides) or all(s < -1e-6 for s in sides):
                found.add(y * width + x)
    return found


@settings(max_examples=60, deadline=None)
@given(st.lists(triangle, min_size=1, max_size=4))
def test_fragments_are_the_pixels_inside(triangles: list[list[tuple[float, float]]]) -> None:
    corners = np.array(triangles, float)
    fragments = list(rasterize(corners, 16, 12))
    pixels = np.concatenate([f.pixel for f in fragments] or [np.zeros(0, int)])
    owners = np.concatenate([f.triangle for f in fragments] or [np.zeros(0, int)])
    weights = np.concatenate([f.weights for f in fragments] or [np.zeros((0, 3))])
    for index, one in enumerate(corners):
        own = pixels[owners == index]
        assert len(set(own.tolist())) == len(own)
        assert pixels_inside(one, 16, 12) <= set(own.tolist())
    where = (corners[owners] * weights[..., None]).sum(1)
    centers = np.stack((pixels % 16 + 0.5, pixels // 16 + 0.5), 1)
    assert np.abs(where - centers).max(initial=0) < 1e-2


def test_a_mesh_covers_each_pixel_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raster, "BATCH", 300)  # many batches
    random = np.random.default_rng(1)
    x, y = np.meshgrid(np.linspace(0, 64, 9), np.linspace(0, 64, 9))
    points = np.stack((x, y), -1)
    points[1:-1, 1:-1] += random.uniform(-2, 2, (7, 7, 2))
    a, b, c, d = points[:-1, :-1], points[:-1, 1:], points[1:, 1:], points[1:, :-1]
    triangles = np.concatenate((np.stack((a, b, c), 2), np.stack((a, c, d), 2))).reshape(-1, 3, 2)
    count = np.zeros(64 * 64, int)
    for fragments in rasterize(triangles, 64, 64):
        inner = (fragments.weights > 1e-6).all(1)
        np.add.at(count, fragments.pixel[inner], 1)
    assert (count <= 1).all()
    assert (count == 1).mean() > 0.99
    assert coverage(triangles, 64, 64).all()


def test_degenerate_and_distant_triangles_have_no_fragments() -> None:
    flat = np.array([[(1, 1), (5, 5), (9, 9)], [(100, 100), (120, 100), (100, 120)]], float)
    assert not coverage(flat, 16, 16).any()
    assert not coverage(np.zeros((0, 3, 2)), 16, 16).any()
