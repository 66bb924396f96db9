"""Volume rendering, shading and color against closed forms and worked examples."""

import math

import pytest
import torch

from backend.maths.color import srgb_decode, srgb_encode
from backend.maths.shading import lambert
from backend.maths.volume import alpha_weights, cube_interval


def test_two_half_opaque_samples_have_weights_a_half_and_a_quarter():
    alpha, weights = alpha_weights(torch.tensor([[math.log(2.0)] * 2]), torch.ones(1, 2))
    torch.testing.assert_close(alpha, torch.tensor([[0.5, 0.5]]))
    torch.testing.assert_close(weights, torch.tensor([[0.5, 0.25]]))


def test_constant_fog_obeys_the_beer_lambert_law_for_any_sampling():
    for samples in (1, 7, 64):
        _, weights = alpha_weights(torch.full((1, samples), 3.0), torch.full((1, samples), 0.8 / samples))
        assert weights.sum() == pytest.approx(1 - math.exp(-2.4), rel=1e-5)


def test_weights_have_correct_gradients():
    density = torch.rand(3, 6, dtype=torch.float64, requires_grad=True)
    lengths = torch.rand(3, 6, dtype=torch.float64)
    assert torch.autograd.gradcheck(lambda d: alpha_weights(d, lengths)[1], density)


def test_rays_enter_and_leave_the_cube_at_the_right_distances():
    rays_o = torch.tensor([[0.0, -2.0, 0.0], [0.0, 0.0, 0.0], [0.0, -2.0, 5.0]])
    rays_d = torch.tensor([[0.0, 1.0, 0.0], [0.0, 1.0, 0.0], [0.0, 1.0, 0.0]])
    near, far = cube_interval(rays_o, rays_d, 0.5)
    assert near[:2].tolist() == pytest.approx([1.5, 0.0])  # inside the cube, the interval starts at the camera
    assert far[:2].tolist() == pytest.approx([2.5, 0.5])
    assert far[2] <= near[2]


def test_srgb_known_values_and_round_trip():
    assert srgb_encode(torch.tensor(0.2140)).item() == pytest.approx(0.5, abs=1e-3)
    assert srgb_decode(torch.tensor(0.04045)).item() == pytest.approx(0.0031308, abs=1e-6)
    values = torch.linspace(0, 1, 1001)
    torch.testing.assert_close(srgb_encode(srgb_decode(values)), values, atol=2e-5, rtol=0)
    at_zero = torch.zeros(1, requires_grad=True)
    srgb_encode(at_zero).sum().backward()
    assert at_zero.grad.item() == pytest.approx(12.92)


def test_a_face_towards_the_light_is_bright_and_one_away_from_it_has_ambient_light_only():
    normal = torch.tensor([[0.0, 0.0, 1.0], [0.0, 0.0, -1.0], [0.0, 1.0, 1.0]])
    normal = torch.nn.functional.normalize(normal, dim=-1)
    shade = lambert(normal, torch.zeros(3, 3), torch.tensor([[0.0, 0.0, 2.0]]).expand(3, 3), 0.1)
    assert shade[:, 0].tolist() == pytest.approx([1.0, 0.1, 0.1 + 0.9 * math.sqrt(0.5)])
