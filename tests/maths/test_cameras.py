"""Cameras against trigonometry and the conventions of photographs."""

import math

import pytest
import torch

from backend.maths.cameras import framing_focal, on_sphere, orbit, pixel_rays


def one(azimuth_deg: float, elevation_deg: float, distance: float = 2.0, focal: float = 1.0):
    angle = torch.tensor([math.radians(azimuth_deg)]), torch.tensor([math.radians(elevation_deg)])
    return orbit(*angle, torch.tensor([distance]), torch.tensor([focal]))


@pytest.mark.parametrize(
    ("azimuth", "elevation", "position"),
    [(0, 0, (0, -2, 0)), (90, 0, (2, 0, 0)), (180, 0, (0, 2, 0)), (270, 0, (-2, 0, 0)), (0, 90, (0, 0, 2))],
)
def test_azimuth_0_is_the_front_and_90_the_viewers_right(azimuth, elevation, position):
    assert one(azimuth, elevation).position[0].tolist() == pytest.approx(position, abs=1e-5)


@pytest.mark.parametrize("elevation", [-10, 0, 45, 89.99, 90])
def test_rotations_are_orthonormal_and_look_at_the_origin(elevation):
    camera = one(37, elevation)
    rotation = camera.rotation[0]
    torch.testing.assert_close(rotation @ rotation.T, torch.eye(3), atol=1e-5, rtol=0)
    assert torch.linalg.det(rotation) == pytest.approx(1, abs=1e-5)
    torch.testing.assert_close(rotation[:, 2] * 2, camera.position[0], atol=1e-5, rtol=0)
    assert rotation[2, 1] >= -1e-5  # never upside down


def test_pixels_start_at_the_top_left():
    rays_o, rays_d = pixel_rays(one(0, 0), 64)
    grid = rays_d.view(64, 64, 3)
    assert (rays_o == rays_o[0, 0]).all()
    torch.testing.assert_close(rays_d.norm(dim=-1), torch.ones(1, 4096))
    assert grid[0, 32, 2] > 0.4
    assert grid[63, 32, 2] < -0.4
    assert grid[32, 0, 0] < -0.4  # from the front, +x is on the right
    torch.testing.assert_close(grid[31:33, 31:33].mean((0, 1)), torch.tensor([0.0, 1.0, 0.0]), atol=1e-3, rtol=0)


def test_a_framed_sphere_spans_the_given_share_of_the_width():
    distance = torch.tensor([1.7])
    camera = one(20, 30, 1.7, float(framing_focal(distance, 0.55, 0.8)))
    rays_o, rays_d = pixel_rays(camera, 400)
    closest = torch.linalg.cross(rays_o, rays_d).norm(dim=-1).view(400, 400)
    middle_row = (closest[200] < 0.55).float().mean()
    assert middle_row == pytest.approx(0.8, abs=0.01)


def test_positions_are_at_the_given_distance():
    azimuth, elevation = torch.rand(50) * 6, torch.rand(50)
    torch.testing.assert_close(
        on_sphere(azimuth, elevation, torch.full((50,), 1.3)).norm(dim=-1), torch.full((50,), 1.3)
    )


def test_cameras_inside_the_framed_sphere_have_a_finite_focal_length() -> None:
    distance = torch.tensor([0.0, 0.5, 0.55])
    focal = framing_focal(distance, 0.55, 0.8)
    assert bool((focal > 0).all() and focal.isfinite().all())
    assert bool(orbit(torch.zeros(3), torch.zeros(3), distance, focal).fill(0.55).isfinite().all())
