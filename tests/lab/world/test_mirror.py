"""A mirrored picture is the picture of the mirrored caption."""

import math

import pytest
import torch

from backend.guidance.builtin.labels import split_look
from backend.lab.world.kinds import KINDS
from backend.lab.world.mirror import mirrored, planes_of
from backend.lab.world.scene import RADIUS, Objects, middle_sizes, place
from backend.lab.world.tracer import Shading, render
from backend.maths.cameras import framing_focal, orbit


@pytest.mark.parametrize(
    ("kind", "planes"),
    [("chair", ("x",)), ("mug", ("y",)), ("car", ("y",)), ("ball", ("x", "y")), ("cube", ("x", "y")), ("house", ())],
)
def test_planes(kind, planes):
    assert planes_of(kind) == planes


def _picture(kind, look):
    sizes = middle_sizes(KINDS[kind])
    center, scale = place(KINDS[kind], sizes)
    albedo = torch.linspace(0.2, 0.9, len(KINDS[kind].parts))[None, :, None].expand(1, -1, 3)
    distance = torch.tensor([2.0])
    angles = torch.tensor([look.azimuth]), torch.tensor([look.elevation])
    cameras = orbit(*angles, distance, framing_focal(distance, RADIUS, torch.tensor([look.fill])))
    right, up = look.light
    away = look.azimuth + right  # near enough to "to the right of the camera" where neither looks down
    light = 1.2 * torch.tensor(
        [[math.cos(up) * math.sin(away), -math.cos(up) * math.cos(away), math.sin(up)]], dtype=torch.float32
    )
    shading = Shading(light, torch.tensor([0.1]), torch.tensor([True]))
    return render(
        Objects(KINDS[kind], sizes, center, scale, albedo), cameras, shading, torch.full((1, 32, 32, 3), 0.5), 32
    )[0]


@pytest.mark.parametrize(("kind", "plane"), [("chair", "x"), ("mug", "y"), ("car", "y"), ("duck", "x")])
def test_the_mirrored_caption_tells_the_mirrored_picture(kind, plane):
    caption = f"a red {kind}, azimuth 35 elevation 20 fill 85 light minus 30 40, shaded"
    other = mirrored(caption, plane)
    assert other.startswith(f"a red {kind}, ")
    assert other.endswith(", shaded")
    assert other != caption
    picture, seen = (_picture(kind, split_look(text)[1]) for text in (caption, other))
    assert (picture.flip(1) - seen).abs().mean() < 0.004
    assert (picture - seen).abs().mean() > 0.02  # and not because nothing changes


@pytest.mark.parametrize(
    "caption",
    [
        "a red chair, left side view, shaded",
        "a red chair",
        "a checked chair, azimuth 35 elevation 20, unlit",
        "a red chair with white spots, azimuth 35 elevation 20, unlit",
    ],
)
def test_what_cannot_be_mirrored(caption):
    assert mirrored(caption, "x") is None
    assert mirrored(mirrored("a chair, azimuth 35 elevation 20", "y"), "y") == "a chair, azimuth 35 elevation 20"
