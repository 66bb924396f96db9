"""View words at the angles where they change."""

from math import radians

import pytest
import torch

from backend.guidance.judgment import Look
from backend.guidance.view_words import coarse_view, exact_view, fine_view, looks_at
from backend.maths.cameras import framing_focal, orbit


@pytest.mark.parametrize(
    ("azimuth", "elevation", "words"),
    [
        (0, 0, "front view"), (44, 0, "front view"), (46, 0, "side view"), (134, 0, "side view"), (136, 0, "back view"),
        (226, 0, "side view"), (316, 0, "front view"), (359, 60, "front view"), (180, 61, "overhead view"),
    ],
)  # fmt: skip
def test_the_papers_four(azimuth, elevation, words):
    assert coarse_view(radians(azimuth), radians(elevation)) == words


@pytest.mark.parametrize(
    ("azimuth", "elevation", "words"),
    [(2, 0, "azimuth 0 elevation 0"), (8, 22, "azimuth 10 elevation 20"), (358, 90, "azimuth 0 elevation 90"),
     (90, -9, "azimuth 90 elevation minus 10")],
)  # fmt: skip
def test_degrees(azimuth, elevation, words):
    assert exact_view(Look(radians(azimuth), radians(elevation), "unlit")) == words


@pytest.mark.parametrize(
    ("fill", "light", "words"),
    [(0.86, None, " fill 85"), (1.4, None, " fill 100"), (0.5, (0.0, 0.0), " fill 75 light 0 0"),
     (None, (radians(-44), radians(26)), " light minus 40 30")],
)  # fmt: skip
def test_size_and_lamp_are_named_where_they_are_known(fill, light, words):
    assert exact_view(Look(0.0, 0.0, "clay", fill, light)) == f"azimuth 0 elevation 0{words}"


def test_looks_tell_what_cameras_and_lamps_do():
    distance = torch.tensor([2.0, 2.0])
    cameras = orbit(
        torch.tensor([0.0, radians(90)]), torch.tensor([0.0, 0.0]), distance, framing_focal(distance, 0.5, 0.8)
    )
    above, same_place = torch.tensor([[0.0, 0.0, 1.0]]), torch.tensor([[0.0, -1.0, 0.0]])
    first, second = looks_at(cameras, 0.5, same_place.repeat(2, 1), ["shaded", "clay"])
    assert first[:3] == (0.0, 0.0, "shaded")
    assert first.fill == pytest.approx(0.8)
    assert first.light == pytest.approx((0, 0), abs=1e-5)  # on the camera's side
    assert second.light == pytest.approx((radians(-90), 0), abs=1e-5)  # who stands at +x has the front at his left
    overhead, unlit = looks_at(cameras, 0.5, above.repeat(2, 1), ["shaded", "unlit"])
    assert overhead.light[1] == pytest.approx(radians(90), abs=1e-3)
    assert unlit.light is None


def test_fine_words_tell_left_from_right():
    assert fine_view(radians(90), radians(10)) == "right side view from the side"
    assert fine_view(radians(270), radians(80)) == "left side view overhead view"
