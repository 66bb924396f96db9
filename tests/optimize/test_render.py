"""The renderer against a ball whose picture geometry knows."""

import math

import pytest
import torch

from backend.maths.cameras import framing_focal, orbit
from backend.maths.color import srgb_decode
from backend.optimize.render import Lighting, render

RADIUS = 0.4


def ball(points: torch.Tensor):
    """Hard, red above and green below."""
    density = torch.where(points.norm(dim=-1) < RADIUS, 500.0, 0.0)
    red, green = torch.tensor([0.8, 0.1, 0.1]), torch.tensor([0.1, 0.8, 0.1])
    return density, torch.where(points[:, 2:] > 0, red, green), torch.nn.functional.normalize(points, dim=-1)


def everywhere(points: torch.Tensor) -> torch.Tensor:
    return torch.ones(len(points), dtype=torch.bool)


def camera(azimuth_deg: float = 0.0, elevation_deg: float = 0.0, distance: float = 2.0):
    reach = torch.tensor([distance])
    angles = torch.tensor([math.radians(azimuth_deg)]), torch.tensor([math.radians(elevation_deg)])
    return orbit(*angles, reach, framing_focal(reach, 0.5, 1.0))


def picture(lighting=None, background=0.25, **kwargs):
    backdrop = torch.full((1, 1, 1, 3), background)
    return render(
        ball, kwargs.pop("inside", everywhere), 0.6, camera(**kwargs), lighting or Lighting.unlit(1), backdrop, 64, 128
    )


def test_silhouette_and_unlit_colors():
    rendered = picture()
    share = (RADIUS / math.sqrt(4 - RADIUS**2)) / (0.5 / math.sqrt(4 - 0.25))
    assert (rendered.opacity > 0.5).float().mean() == pytest.approx(math.pi / 4 * share**2, abs=0.01)
    linear = srgb_decode(rendered.image[0])
    assert linear[20, 32].tolist() == pytest.approx([0.8, 0.1, 0.1], abs=1e-3)  # the upper half is red
    assert linear[44, 32].tolist() == pytest.approx([0.1, 0.8, 0.1], abs=1e-3)
    assert linear[1, 1].tolist() == pytest.approx([0.25] * 3, abs=1e-3)


def test_light_from_the_right_brightens_the_right():
    light = Lighting(torch.tensor([[3.0, -1.0, 0.0]]), torch.tensor([0.1]), torch.tensor([False]))
    image = srgb_decode(picture(light).image[0]).mean(-1)
    assert image[32, 48] > 2 * image[32, 16]
    assert image[32, 18] == pytest.approx(0.1, abs=0.02)  # the dark side has the ambient alone; textureless is white


def test_skipping_empty_space_changes_nothing():
    whole = picture()
    skipped = picture(inside=lambda points: points.norm(dim=-1) < RADIUS + 0.01)
    torch.testing.assert_close(whole.image, skipped.image, atol=1e-5, rtol=0)


def test_outward_normals_cost_nothing_inward_ones_do():
    assert picture().facing.max() < 1e-3
    inward = render(
        lambda p: (*ball(p)[:2], -ball(p)[2]),
        everywhere,
        0.6,
        camera(),
        Lighting.unlit(1),
        torch.zeros(1, 1, 1, 3),
        64,
        128,
    )
    assert inward.facing.max() > 0.9


def test_a_camera_inside_the_cube_sees_what_is_in_front_of_it_only():
    rendered = picture(distance=0.55)
    assert torch.isfinite(rendered.image).all()
    assert rendered.opacity[0, 32, 32] > 0.99


def test_what_sees_no_sky_is_dark_where_it_is_lit():
    closed = torch.zeros(1, 4, 24, 24, 24)
    views = {}
    for name, ambient in (("lit", 0.5), ("unlit", 1.0)):
        light = Lighting(torch.tensor([[0.0, -3.0, 0.0]]), torch.tensor([ambient]), torch.tensor([True]), True)
        backdrop = torch.full((1, 1, 1, 3), 0.25)
        for sky in (None, closed):
            found = render(ball, everywhere, 0.6, camera(), light, backdrop, 32, 64, sky=sky)
            views[name, sky is None] = srgb_decode(found.image[0, 16, 16]).sum()
    assert views["lit", False] < 0.01 < views["lit", True]
    assert views["unlit", False] == views["unlit", True]
