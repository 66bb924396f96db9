"""View words at the angles where they change."""

from math import radians

import pytest

from backend.guidance.views import coarse_view, degrees_view, fine_view


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
    assert degrees_view(radians(azimuth), radians(elevation)) == words


def test_fine_words_tell_left_from_right():
    assert fine_view(radians(90), radians(10)) == "right side view from the side"
    assert fine_view(radians(270), radians(80)) == "left side view overhead view"
