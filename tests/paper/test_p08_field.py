"""The preset "paper" against the DreamFusion paper, items 8 to 13: field and volume rendering."""

import math

import pytest
import torch

from backend.config.schedules import value
from backend.fields.encoding import integrated_encoding
from backend.fields.mlp import Environment, MlpField, ProposalField, ResidualBlock
from backend.maths.cameras import pixel_rays
from backend.maths.color import srgb_encode
from backend.maths.resample import interlevel_loss, outer_bound, resample
from backend.maths.volume import alpha_weights, sphere_interval
from backend.optimize.mlp_scene import MlpScene
from backend.optimize.render import compose
from backend.optimize.views import draw_views

from .common import PAPER, generator


def test_p08_the_encoding_is_the_mean_over_a_gaussian():
    mean, variance = torch.tensor([[0.3, -0.7, 1.1]]), 0.04
    cloud = mean + math.sqrt(variance) * torch.randn(400_000, 3, generator=generator())
    sampled = integrated_encoding(cloud, 0.0, 4).mean(0)
    assert (integrated_encoding(mean, variance, 4)[0] - sampled).abs().max() < 5e-3
    assert integrated_encoding(mean, 0.0, 8)[0, 0].item() == pytest.approx(math.sin(0.3))
    assert integrated_encoding(mean, 0.0, 8)[0, 21].item() == pytest.approx(math.sin(128 * 0.3), abs=1e-4)


def test_p08_eight_octaves_and_a_variance_that_shrinks_over_5000_steps():
    mlp = PAPER.field.mlp
    assert mlp.octaves == 8
    assert [value(mlp.variance, step) for step in (0, 2500, 5000, 9000)] == pytest.approx([5e-2, 2.6e-2, 2e-3, 2e-3])
    scene = MlpScene(mlp, torch.device("cpu"), 0)
    assert scene.field.variance.item() == pytest.approx(5e-2)
    scene.at_step(2500)
    assert scene.field.variance.item() == pytest.approx(2.6e-2)


def test_p09_five_residual_blocks_of_128_with_silu_and_layer_norm():
    field = MlpScene(PAPER.field.mlp, torch.device("cpu"), 0).field
    assert len(field.blocks) == 5
    assert field.first.weight.shape == (128, 48)
    for block in field.blocks:
        kinds = [type(module) for module in block.inner]
        assert torch.nn.LayerNorm in kinds
        assert torch.nn.SiLU in kinds
        assert {tuple(m.weight.shape) for m in block.inner if isinstance(m, torch.nn.Linear)} == {(128, 128)}
    block = ResidualBlock(8)
    torch.nn.init.zeros_(block.inner[-1].weight)
    torch.nn.init.zeros_(block.inner[-1].bias)
    x = torch.randn(2, 8, generator=generator())
    assert torch.equal(block(x), x)


def test_p09_density_is_an_exponential_and_albedo_a_sigmoid():
    field = MlpField(blob_density=0.0)
    last = field.head[-1]
    torch.nn.init.zeros_(last.weight)
    with torch.no_grad():
        last.bias.copy_(torch.tensor([1.5, 0.0, 20.0, -20.0]))
    density, albedo = field(torch.zeros(1, 3))
    assert density.item() == pytest.approx(math.exp(1.5), rel=1e-5)
    # sRGB 0.5 is 0.214 in linear light.
    assert albedo[0].tolist() == pytest.approx([0.214, 1.0, 0.0], abs=1e-3)


def test_p10_the_blob_is_added_after_the_activation():
    field = MlpField()
    with torch.no_grad():
        torch.nn.init.zeros_(field.head[-1].weight)
        field.head[-1].bias[0] = math.log(2.0)
    points = torch.tensor([[0.0, 0, 0], [0.2, 0, 0], [0, 0.3, 0.4]])
    expected = [2 + 5, 2 + 5 * math.exp(-0.5), 2 + 5 * math.exp(-0.25 / 0.08)]
    assert field(points)[0].tolist() == pytest.approx(expected, rel=1e-5)
    assert (PAPER.field.mlp.blob_density, PAPER.field.mlp.blob_radius) == (5.0, 0.2)


def test_p11_the_scene_is_a_sphere_of_radius_1_4_and_cameras_may_be_inside():
    assert PAPER.field.mlp.bound == 1.4
    field = MlpField(blob_density=0.0)
    assert field.density(torch.tensor([[1.41, 0, 0], [0, 1.39, 0]])).tolist() == [0.0, pytest.approx(0.05, rel=0.3)]
    rays_o = torch.tensor([[0.0, -3.0, 0.0], [0.0, -1.0, 0.0], [0.0, -3.0, 2.0]])
    near, far = sphere_interval(rays_o, torch.tensor([[0.0, 1.0, 0.0]] * 3), 1.4, 0.05)
    assert near.tolist() == pytest.approx([1.6, 0.05, 3.0])
    assert far.tolist() == pytest.approx([4.4, 2.4, 3.0])


def test_p11_the_background_is_a_network_on_the_ray_direction_alone():
    scene = MlpScene(PAPER.field.mlp, torch.device("cpu"), 0)
    with torch.no_grad():
        scene.field.head[-1].bias[0] = -30.0
        scene.field.blob_density = 0.0
        torch.nn.init.normal_(scene.environment.net[-1].weight)
        views = draw_views(PAPER.camera, PAPER.shading, 1, 0, generator())
        rendered = scene.render(views.cameras, views.lighting, views.backgrounds, 8, 8)
        _, rays_d = pixel_rays(views.cameras, 8)
        expected = srgb_encode(scene.environment(rays_d)).view(1, 8, 8, 3)
    assert rendered.opacity.max() < 1e-6
    assert expected.std() > 0.02
    assert torch.allclose(rendered.image, expected, atol=1e-4)
    directions = torch.nn.functional.normalize(torch.randn(5, 3, generator=generator()), dim=-1)
    assert Environment()(directions).shape == (5, 3)


def test_p11_transparent_rays_show_the_background():
    background = torch.full((1, 1, 1, 3), 0.4)
    rendered = compose(torch.tensor([[0.1, 0.0, 0.2]]), torch.tensor([0.75]), torch.zeros(1), background, 1, 1)
    linear = torch.tensor([0.1 + 0.25 * 0.4, 0.25 * 0.4, 0.2 + 0.25 * 0.4])
    assert torch.allclose(rendered.image[0, 0, 0], srgb_encode(linear), atol=1e-6)


def test_p12_quadrature():
    alpha, weights = alpha_weights(torch.tensor([[math.log(2.0), math.log(4.0)]]), torch.tensor([[1.0, 0.5]]))
    assert alpha.tolist()[0] == pytest.approx([0.5, 0.5])
    assert weights.tolist()[0] == pytest.approx([0.5, 0.25])


def test_p13_samples_follow_the_weights():
    edges = torch.linspace(0, 1, 11)[None]
    weights = torch.zeros(1, 10)
    weights[0, 3], weights[0, 7] = 0.6, 0.3
    new = resample(edges, weights, 300)
    assert (new.diff(dim=-1) >= 0).all()
    assert (new[0, 0].item(), new[0, -1].item()) == pytest.approx((0.0, 1.0))
    middle = 0.5 * (new[0, 1:] + new[0, :-1])
    assert ((middle > 0.3) & (middle < 0.4)).float().mean().item() == pytest.approx(2 / 3, abs=0.03)
    assert ((middle > 0.7) & (middle < 0.8)).float().mean().item() == pytest.approx(1 / 3, abs=0.03)


def test_p13_the_interlevel_loss_is_zero_only_for_proposals_that_cover_the_field():
    edges = torch.tensor([[0.0, 0.25, 0.5, 0.75, 1.0]])
    weights = torch.tensor([[0.0, 0.5, 0.1, 0.0]])
    coarse = torch.tensor([[0.0, 0.5, 1.0]])
    assert outer_bound(edges, coarse, torch.tensor([[0.6, 0.2]])).tolist()[0] == pytest.approx([0.6, 0.6, 0.2, 0.2])
    assert interlevel_loss(edges, weights, coarse, torch.tensor([[0.6, 0.2]])).item() == 0.0
    proposal = torch.tensor([[0.3, 0.2]], requires_grad=True)
    loss = interlevel_loss(edges, weights.requires_grad_(True), coarse, proposal)
    assert loss.item() == pytest.approx(0.2**2 / 0.5, rel=1e-3)
    loss.backward()
    assert proposal.grad[0, 0] < 0  # it increases this weight
    assert weights.grad is None
    assert ProposalField()(torch.zeros(2, 3), 0.01).shape == (2,)
