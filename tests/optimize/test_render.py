"""The renderer against the known image of a ball."""

import math

import pytest
import torch

from backend.maths.cameras import framing_focal, orbit
from backend.maths.color import srgb_decode
from backend.optimize.render import SHADED_WEIGHT, Lighting, render, select

RADIUS = 0.4


class Ball:
    """An opaque ball, red above and green below."""

    def __init__(self, outward: float = 1.0) -> None:
        self.outward, self.colored = outward, 0

    def density(self, points: torch.Tensor) -> torch.Tensor:
        return torch.where(points.norm(dim=-1) < RADIUS, 500.0, 0.0)

    def albedo(self, points: torch.Tensor) -> torch.Tensor:
        self.colored = len(points)
        return torch.where(points[:, 2:] > 0, torch.tensor([0.8, 0.1, 0.1]), torch.tensor([0.1, 0.8, 0.1]))

    def normal(self, points: torch.Tensor) -> torch.Tensor:
        return self.outward * torch.nn.functional.normalize(points, dim=-1)


def everywhere(points: torch.Tensor) -> torch.Tensor:
    return torch.ones(len(points), dtype=torch.bool)


def camera(azimuth_deg: float = 0.0, elevation_deg: float = 0.0, distance: float = 2.0):
    reach = torch.tensor([distance])
    angles = torch.tensor([math.radians(azimuth_deg)]), torch.tensor([math.radians(elevation_deg)])
    return orbit(*angles, reach, framing_focal(reach, 0.5, 1.0))


def render_ball(lighting=None, is_occupied=everywhere, **view):
    background = torch.full((1, 1, 1, 3), 0.25)
    return render(Ball(), is_occupied, 0.6, camera(**view), lighting or Lighting.unlit(1), background, 64, 128)


def test_silhouette_and_unlit_colors():
    rendered = render_ball()
    share = (RADIUS / math.sqrt(4 - RADIUS**2)) / (0.5 / math.sqrt(4 - 0.25))
    assert (rendered.opacity > 0.5).float().mean() == pytest.approx(math.pi / 4 * share**2, abs=0.01)
    linear = srgb_decode(rendered.image[0])
    assert linear[20, 32].tolist() == pytest.approx([0.8, 0.1, 0.1], abs=1e-3)  # the upper half is red
    assert linear[44, 32].tolist() == pytest.approx([0.1, 0.8, 0.1], abs=1e-3)
    assert linear[1, 1].tolist() == pytest.approx([0.25] * 3, abs=1e-3)


def test_light_from_the_right_brightens_the_right():
    light = Lighting(torch.tensor([[3.0, -1.0, 0.0]]), torch.tensor([0.1]), torch.tensor([False]))
    image = srgb_decode(render_ball(light).image[0]).mean(-1)
    assert image[32, 48] > 2 * image[32, 16]
    assert image[32, 18] == pytest.approx(0.1, abs=0.02)  # the dark side has ambient light only; textureless is white


def test_skipping_empty_space_changes_nothing():
    whole = render_ball()
    skipped = render_ball(is_occupied=lambda points: points.norm(dim=-1) < RADIUS + 0.01)
    torch.testing.assert_close(whole.image, skipped.image, atol=1e-5, rtol=0)


def test_only_inward_normals_have_an_orientation_loss():
    assert render_ball().orientation.max() < 1e-3
    inward = render(
        Ball(-1.0),
        everywhere,
        0.6,
        camera(),
        Lighting.unlit(1),
        torch.zeros(1, 1, 1, 3),
        64,
        128,
    )
    assert inward.orientation.max() > 0.9


def test_a_camera_inside_the_cube_renders_only_what_is_in_front_of_it():
    rendered = render_ball(distance=0.55)
    assert torch.isfinite(rendered.image).all()
    assert rendered.opacity[0, 32, 32] > 0.99


def test_full_occlusion_darkens_lit_views_only():
    closed = torch.zeros(1, 4, 24, 24, 24)
    views = {}
    for name, ambient in (("lit", 0.5), ("unlit", 1.0)):
        light = Lighting(torch.tensor([[0.0, -3.0, 0.0]]), torch.tensor([ambient]), torch.tensor([True]), True)
        background = torch.full((1, 1, 1, 3), 0.25)
        for visibility in (None, closed):
            found = render(Ball(), everywhere, 0.6, camera(), light, background, 32, 64, visibility=visibility)
            views[name, visibility is None] = srgb_decode(found.image[0, 16, 16]).sum()
    assert views["lit", False] < 0.01 < views["lit", True]
    assert views["unlit", False] == views["unlit", True]


def test_colors_are_evaluated_only_where_they_are_seen():
    ball, light = Ball(), Lighting.unlit(1)
    view = (everywhere, 0.6, camera(), light, torch.full((1, 1, 1, 3), 0.25), 64, 128)
    seen = render(ball, *view).image
    assert 0 < ball.colored < 0.7 * 64 * 64 * 128  # of the samples, those inside and behind the ball are hidden
    ball.colored = 0
    white = render(ball, *view[:3], Lighting(light.light, light.ambient, torch.tensor([False])), *view[4:]).image
    assert ball.colored == 0
    assert srgb_decode(white[0, 32, 32]).tolist() == pytest.approx([1.0] * 3, abs=1e-3)
    assert srgb_decode(seen[0, 20, 32]).tolist() == pytest.approx([0.8, 0.1, 0.1], abs=1e-3)


CHANCES = (torch.arange(400) + 0.5) / 400


def test_each_sample_is_selected_as_often_as_its_weight_demands():
    weights = torch.tensor([0.004, 0.3, 0.0, 0.0002, 0.009, 0.01, 0.5, 0.002])
    shares = select(weights.expand(400, -1), CHANCES)
    probability = (weights / SHADED_WEIGHT).clamp_max(1)
    torch.testing.assert_close((shares > 0).float().mean(0), probability, atol=0.005, rtol=0)
    assert ((shares == 0) | torch.isclose(shares, probability)).all()
    assert ((shares > 0).sum(1) <= math.ceil(probability.sum())).all()


class Fog(Ball):
    """A half-transparent ball whose density is a parameter."""

    def __init__(self, thickness: torch.Tensor) -> None:
        super().__init__()
        self.thickness = thickness

    def density(self, points: torch.Tensor) -> torch.Tensor:
        return self.thickness * torch.exp(-8 * points.square().sum(-1) / RADIUS**2)


def foggy(chance: float | None) -> tuple[torch.Tensor, torch.Tensor, int]:
    """The image of the fog in linear light, the derivative of its redness by the density, and the number of shaded samples."""
    thickness = torch.tensor(1.5, requires_grad=True)
    fog, rays = Fog(thickness), None if chance is None else torch.full((256,), chance)
    made = render(fog, everywhere, 0.6, camera(), Lighting.unlit(1), torch.zeros(1), 16, 64, chance=rays)
    image = srgb_decode(made.image)
    image[..., 0].mean().backward()
    return image.detach(), thickness.grad, fog.colored


def test_images_and_gradients_of_selected_samples_are_right_on_average():
    image, derivative, count = foggy(None)
    several = [foggy(float(chance)) for chance in CHANCES[::8]]
    torch.testing.assert_close(torch.stack([one for one, _, _ in several]).mean(0), image, atol=2e-3, rtol=0.02)
    assert torch.stack([one for _, one, _ in several]).mean() == pytest.approx(float(derivative), rel=0.02)
    assert max(number for _, _, number in several) < count / 2
    assert (several[0][0] - image).abs().max() < 0.02
