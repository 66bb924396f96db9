"""View conditions: rounding, and view words at the angles where they change."""

from math import radians

import pytest
import torch

from backend.guidance.view_conditions import ViewConditions, coarse_view, describe_views, fine_view
from backend.maths.cameras import framing_focal, orbit


@pytest.mark.parametrize(
    ("azimuth", "elevation", "words"),
    [
        (0, 0, "front view"), (44, 0, "front view"), (46, 0, "side view"), (134, 0, "side view"), (136, 0, "back view"),
        (226, 0, "side view"), (316, 0, "front view"), (359, 60, "front view"), (180, 61, "overhead view"),
    ],
)  # fmt: skip
def test_the_papers_view_words(azimuth, elevation, words):
    assert coarse_view(radians(azimuth), radians(elevation)) == words


@pytest.mark.parametrize(
    ("azimuth", "elevation", "rounded"),
    [(2, 0, (0, 0)), (8, 22, (10, 20)), (358, 90, (0, 90)), (90, -9, (90, -10)), (-92, 0, (270, 0)), (725, 0, (5, 0))],
)
def test_camera_angles_are_rounded_to_5_degrees(azimuth, elevation, rounded):
    view = ViewConditions(radians(azimuth), radians(elevation), "unlit").rounded()
    assert view == ViewConditions(radians(rounded[0]), radians(rounded[1]), "unlit")


@pytest.mark.parametrize(
    ("fill", "light", "rounded"),
    [
        (0.86, None, (0.85, None)),
        (1.4, None, (1.0, None)),
        (0.5, (0, 0), (0.75, (0, 0))),
        (None, (-44, 26), (None, (-40, 30))),
    ],
)
def test_fill_is_clamped_and_light_angles_are_rounded_to_10_degrees(fill, light, rounded):
    def in_radians(angles):
        return None if angles is None else tuple(radians(angle) for angle in angles)

    view = ViewConditions(0.0, 0.0, "clay", fill, in_radians(light)).rounded()
    assert view == ViewConditions(0.0, 0.0, "clay", rounded[0], in_radians(rounded[1]))


@pytest.mark.parametrize(("azimuth", "elevation"), [(0, 0), (45, 30), (355, -10), (180, 90)])
@pytest.mark.parametrize("fill", [None, 0.75, 1.0])
@pytest.mark.parametrize("light", [None, (-170, 0), (30, -40)])
def test_rounded_conditions_stay_the_same(azimuth, elevation, fill, light):
    angles = None if light is None else (radians(light[0]), radians(light[1]))
    view = ViewConditions(radians(azimuth), radians(elevation), "clay", fill, angles)
    assert view.rounded() == view


def test_descriptions_of_cameras_and_lights():
    distance = torch.tensor([2.0, 2.0])
    cameras = orbit(
        torch.tensor([0.0, radians(90)]), torch.tensor([0.0, 0.0]), distance, framing_focal(distance, 0.5, 0.8)
    )
    above, same_place = torch.tensor([[0.0, 0.0, 1.0]]), torch.tensor([[0.0, -1.0, 0.0]])
    first, second = describe_views(cameras, 0.5, same_place.repeat(2, 1), ["shaded", "clay"])
    assert first[:3] == (0.0, 0.0, "shaded")
    assert first.fill == pytest.approx(0.8)
    assert first.light == pytest.approx((0, 0), abs=1e-5)  # at the camera
    assert second.light == pytest.approx((radians(-90), 0), abs=1e-5)  # the front is to the left of a camera at +x
    overhead, unlit = describe_views(cameras, 0.5, above.repeat(2, 1), ["shaded", "unlit"])
    assert overhead.light[1] == pytest.approx(radians(90), abs=1e-3)
    assert unlit.light is None


def test_fine_view_words_distinguish_left_and_right():
    assert fine_view(radians(90), radians(10)) == "right side view from the side"
    assert fine_view(radians(270), radians(80)) == "left side view overhead view"
