"""Mirrored pictures match mirrored captions."""

from math import cos, pi, radians, sin

import pytest
import torch

from backend.guidance.view_conditions import ViewConditions
from backend.lab.world.captions import Caption
from backend.lab.world.kinds import KINDS
from backend.lab.world.mirror import mirrored, planes_of
from backend.lab.world.scene import RADIUS, Objects, middle_sizes, place
from backend.lab.world.tracer import Shading, render
from backend.maths.cameras import framing_focal, orbit

VIEW = ViewConditions(radians(35), radians(20), "unlit")


@pytest.mark.parametrize(
    ("kind", "planes"),
    [("chair", ("x",)), ("mug", ("y",)), ("car", ("y",)), ("ball", ("x", "y")), ("cube", ("x", "y")), ("house", ())],
)
def test_planes_of_symmetry(kind, planes):
    assert planes_of(kind) == planes


def _picture(kind, view):
    sizes = middle_sizes(KINDS[kind])
    center, scale = place(KINDS[kind], sizes)
    albedo = torch.linspace(0.2, 0.9, len(KINDS[kind].parts))[None, :, None].expand(1, -1, 3)
    distance = torch.tensor([2.0])
    angles = torch.tensor([view.azimuth]), torch.tensor([view.elevation])
    cameras = orbit(*angles, distance, framing_focal(distance, RADIUS, torch.tensor([view.fill])))
    right, up = view.light
    azimuth = view.azimuth + right  # approximately to the right of the camera at low elevations
    light = 1.2 * torch.tensor([[cos(up) * sin(azimuth), -cos(up) * cos(azimuth), sin(up)]], dtype=torch.float32)
    shading = Shading(light, torch.tensor([0.1]), torch.tensor([True]))
    return render(
        Objects(KINDS[kind], sizes, center, scale, albedo), cameras, shading, torch.full((1, 32, 32, 3), 0.5), 32
    )[0]


@pytest.mark.parametrize(("kind", "plane"), [("chair", "x"), ("mug", "y"), ("car", "y"), ("duck", "x")])
def test_the_mirrored_caption_describes_the_flipped_picture(kind, plane):
    view = ViewConditions(radians(35), radians(20), "shaded", 0.85, (radians(-30), radians(40)))
    caption = Caption(f"a red {kind}, shaded", view)
    other = mirrored(caption, plane)
    assert other.text == caption.text
    assert other.view == other.view.rounded() != view
    picture, mirror_image = (_picture(kind, found.view) for found in (caption, other))
    assert (picture.flip(1) - mirror_image).abs().mean() < 0.004
    assert (picture - mirror_image).abs().mean() > 0.02  # otherwise the test is meaningless


@pytest.mark.parametrize(
    "caption",
    [
        Caption("a red chair, left side view, shaded"),
        Caption("a red chair"),
        Caption("a checked chair, unlit", VIEW),
        Caption("a red chair with white spots, unlit", VIEW),
    ],
)
def test_view_words_and_asymmetric_patterns_cannot_be_mirrored(caption):
    assert mirrored(caption, "x") is None


def test_mirroring_twice_returns_the_caption():
    caption = Caption("a chair", VIEW)
    assert mirrored(caption, "y").view.azimuth == pytest.approx(pi - VIEW.azimuth)
    assert mirrored(mirrored(caption, "y"), "y") == caption
