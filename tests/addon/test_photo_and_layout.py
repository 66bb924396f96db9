"""The camera of photographs and the placement of objects, without Blender."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dreamfusion_blender.core import layout, photo

SIDES = st.floats(0.05, 3.0)
FOOTPRINTS = st.lists(st.builds(layout.Footprint, SIDES, SIDES), min_size=1, max_size=12)


@settings(deadline=None, max_examples=40)  # for busy computers
@given(FOOTPRINTS, st.floats(0.0, 1.0), st.integers(0, 1000))
def test_objects_never_overlap(footprints: list[layout.Footprint], gap: float, seed: int) -> None:
    for places in (
        layout.in_a_row(footprints, gap),
        layout.in_a_grid(footprints, gap),
        layout.scattered(footprints, gap, seed),
    ):
        assert len(places) == len(footprints)
        for n, (a, at) in enumerate(zip(footprints, places, strict=True)):
            for b, other in zip(footprints[:n], places[:n], strict=True):
                apart = max(
                    abs(at[0] - other[0]) - (a.width + b.width) / 2, abs(at[1] - other[1]) - (a.depth + b.depth) / 2
                )
                assert apart >= gap - 1e-9


def test_scatter_depends_on_the_seed_only() -> None:
    footprints = [layout.Footprint(1, 2), layout.Footprint(0.5, 0.5), layout.Footprint(2, 1)]
    assert layout.scattered(footprints, 0.1, 5) == layout.scattered(footprints, 0.1, 5)
    assert layout.scattered(footprints, 0.1, 5) != layout.scattered(footprints, 0.1, 6)


def project(camera: photo.PhotoCamera, point: photo.Vector3) -> tuple[float, float]:
    """Independent pinhole projection: (right, forward, up) relative to the camera -> (x, y) in the image."""
    right, forward, up = point
    depth = forward * math.cos(camera.tilt) + up * math.sin(camera.tilt)
    lift = up * math.cos(camera.tilt) - forward * math.sin(camera.tilt)
    return 0.5 + right / depth / camera.half_width / 2, 0.5 + lift / depth / camera.half_height / 2


@settings(deadline=None)
@given(
    lens=st.floats(14, 120),
    horizon=st.floats(0.3, 0.9),
    below=st.floats(0.05, 0.25),
    x=st.floats(0.1, 0.9),
    share=st.floats(0.05, 0.5),
    size=st.floats(0.1, 30),
    shape=st.sampled_from([(1600, 900), (900, 1600), (512, 512)]),
)
def test_foot_top_and_horizon_are_projected_to_the_given_points(
    lens: float, horizon: float, below: float, x: float, share: float, size: float, shape: tuple[int, int]
) -> None:
    camera = photo.photo_camera(lens, 36.0, horizon, *shape)
    foot = (x, horizon - below)
    height = photo.height_for(camera, foot, size, share)
    right, forward, up = (height * value for value in camera.ground_at(*foot))
    assert project(camera, (right, forward, up)) == pytest.approx(foot, abs=1e-6)
    assert up == pytest.approx(-height)
    assert project(camera, (right, forward, up + size))[1] == pytest.approx(foot[1] + share, abs=1e-6)
    assert project(camera, (0.0, 1e9, 0.0))[1] == pytest.approx(horizon, abs=1e-6)


def test_a_foot_above_the_horizon_is_refused() -> None:
    camera = photo.photo_camera(35.0, 36.0, 0.5, 1600, 900)
    with pytest.raises(photo.NoGround, match="horizon"):
        camera.ground_at(0.5, 0.6)
