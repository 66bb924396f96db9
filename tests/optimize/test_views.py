"""Random views against the distributions in the paper (section 3.3)."""

import math

import pytest
import torch

from backend.config.settings import CameraSettings, ShadingSettings
from backend.optimize.views import SHADED, TEXTURELESS, UNLIT, draw_backgrounds, draw_cameras, draw_lighting

MANY = 20_000


def generator() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def test_half_of_the_elevations_are_uniform_in_angle_and_half_in_area():
    elevation = torch.rad2deg(draw_cameras(CameraSettings(), MANY, generator()).elevation)
    assert elevation.min() >= -10 - 1e-3
    assert elevation.max() <= 90 + 1e-3

    def below(angle: float) -> float:
        by_angle = (angle + 10) / 100
        low, high, at = (math.sin(math.radians(a)) for a in (-10, 90, angle))
        return 0.5 * by_angle + 0.5 * (at - low) / (high - low)

    for angle in (0, 20, 45, 70):
        assert (elevation < angle).float().mean() == pytest.approx(below(angle), abs=0.01)


def test_even_azimuths_are_at_equal_distances_around_the_object():
    settings = CameraSettings(azimuths="even")
    first = []
    for seed in range(200):
        azimuth = draw_cameras(settings, 4, torch.Generator().manual_seed(seed)).azimuth
        torch.testing.assert_close(azimuth - azimuth[0], math.pi / 2 * torch.arange(4))
        first.append(float(azimuth[0]))
    assert min(first) < 0.3
    assert max(first) > 2 * math.pi - 0.3
    # The other random numbers are the same.
    even, independent = draw_cameras(settings, 4, generator()), draw_cameras(CameraSettings(), 4, generator())
    assert torch.equal(even.elevation, independent.elevation)


def test_elevations_may_have_a_beta_distribution_over_the_range():
    settings = CameraSettings(elevation_deg=(0.0, 90.0), by_angle=1.0, elevation_beta=(1.0, 5.0))
    share = torch.rad2deg(draw_cameras(settings, MANY, generator()).elevation) / 90
    for at in (0.05, 0.2, 0.5):  # its distribution function is 1 - (1 - x)^5
        assert (share < at).float().mean() == pytest.approx(1 - (1 - at) ** 5, abs=0.01)
    # The other random numbers are the same.
    plain = CameraSettings(elevation_deg=(0.0, 90.0), by_angle=1.0)
    assert torch.equal(draw_cameras(settings, 5, generator()).azimuth, draw_cameras(plain, 5, generator()).azimuth)


def test_azimuth_is_uniform_and_distance_in_its_range():
    cameras = draw_cameras(CameraSettings(distance=(1.5, 2.5)), MANY, generator())
    quarters = torch.histc(cameras.azimuth, 4, 0, 2 * math.pi) / MANY
    assert quarters.tolist() == pytest.approx([0.25] * 4, abs=0.015)
    distance = cameras.position.norm(dim=-1)
    assert distance.min() >= 1.5
    assert distance.max() <= 2.5
    assert distance.mean() == pytest.approx(2.0, abs=0.01)


def test_shading_is_off_at_first_and_then_has_the_papers_shares():
    cameras = draw_cameras(CameraSettings(), MANY, generator())
    _, early = draw_lighting(ShadingSettings(), cameras, 999, generator())
    assert set(early) == {UNLIT}
    lighting, late = draw_lighting(ShadingSettings(), cameras, 1000, generator())
    shares = [late.count(style) / MANY for style in (UNLIT, SHADED, TEXTURELESS)]
    assert shares == pytest.approx([0.25, 0.375, 0.375], abs=0.015)
    clay = torch.tensor([style == TEXTURELESS for style in late])
    assert torch.equal(lighting.textured, ~clay)
    unlit = torch.tensor([style == UNLIT for style in late])
    assert (lighting.ambient[unlit] == 1).all()
    torch.testing.assert_close(lighting.ambient[~unlit], torch.full((int((~unlit).sum()),), 0.1))


def test_lights_are_near_the_camera_at_the_papers_distance():
    cameras = draw_cameras(CameraSettings(), MANY, generator())
    lighting, _ = draw_lighting(ShadingSettings(), cameras, 5000, generator())
    distance = lighting.light.norm(dim=-1)
    assert distance.min() >= 0.8 - 1e-4
    assert distance.max() <= 1.5 + 1e-4
    cosine = torch.nn.functional.cosine_similarity(lighting.light, cameras.position)
    assert cosine.mean() > 0.6
    assert (cosine < 0).float().mean() > 0.005  # a few are behind the object


def test_backgrounds_are_plain_and_cover_the_range():
    colors = draw_backgrounds(MANY, generator())
    assert colors.shape == (MANY, 1, 1, 3)
    assert colors.min() < 0.01
    assert colors.max() > 0.99
