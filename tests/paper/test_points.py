"""The preset "paper" against the DreamFusion paper, point by point: each test's name begins with the point's number.

p01 to p07 are score distillation, p08 to p13 the field, p14 to p17 shading, p18 to p21 cameras and words, p22 to p25
regularisers and optimisation.
"""

import math
from dataclasses import replace

import pytest
import torch

from backend.fields.encoding import integrated_encoding
from backend.fields.mlp import Environment, MlpField, ProposalField, ResidualBlock
from backend.guidance.base import Conditioning
from backend.guidance.sds import Noising, as_loss, draw_timesteps, guided_noise, sds_gradient
from backend.guidance.views import coarse_view
from backend.maths.resample import interlevel_loss, outer_bound, resample
from backend.maths.shading import lambert
from backend.maths.volume import alpha_weights, sphere_interval
from backend.optimise import losses
from backend.optimise.loop import Optimisation
from backend.optimise.mlp_scene import MlpScene
from backend.optimise.optimisers import build_optimiser
from backend.optimise.scene import Randomness
from backend.optimise.views import CLAY, SHADED, UNLIT, draw_cameras, draw_lighting, draw_views
from backend.presets import PRESETS
from backend.schedules import value

PAPER = PRESETS["paper"]
DRAWS = 20_000


class Recorder:
    """A prior that says zero for one text and one for the other, and remembers what it was shown."""

    name, image_px = "recorder", 8
    alphas_cumprod = torch.linspace(0.9999, 0.0001, 1000)

    def __init__(self):
        self.weight = torch.nn.Parameter(torch.ones(()))
        self.seen: list[tuple[torch.Tensor, torch.Tensor]] = []

    def view_text(self, prompt, look):
        return f"{prompt}, {coarse_view(look.azimuth, look.elevation)}"

    def encode_text(self, texts):
        return Conditioning(torch.tensor([[float(bool(text))] for text in texts]), None)

    def encode(self, image):
        return image * 2 - 1

    @torch.no_grad()
    def predict_noise(self, z_t, t, text):
        self.seen.append((z_t, t))
        return self.weight * text.hidden.view(-1, 1, 1, 1) * torch.ones_like(z_t)


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def one_gradient(scale: float = 1.0, t: int = 300) -> tuple[Recorder, torch.Tensor, torch.Tensor, Noising]:
    prior, x = Recorder(), torch.rand(3, 3, 8, 8, generator=generator())
    noising = Noising(torch.full((3,), t), torch.randn(x.shape, generator=generator(1)))
    ones, zeros = Conditioning(torch.ones(3, 1), None), Conditioning(torch.zeros(3, 1), None)
    return prior, sds_gradient(prior, x, ones, zeros, noising, scale), x, noising


def test_p01_the_forward_process_mixes_by_alpha_and_sigma():
    prior, _, x, noising = one_gradient()
    alpha = math.sqrt(prior.alphas_cumprod[300])
    sigma = math.sqrt(1 - alpha**2)
    assert torch.allclose(prior.seen[0][0][:3], alpha * x + sigma * noising.noise, atol=1e-6)


def test_p02_guidance_of_the_papers_w_100_is_101_here():
    w = 100.0
    cond, uncond = torch.randn(2, 2, 3, 4, 4, generator=generator())
    paper = (1 + w) * cond - w * uncond
    scale = value(PAPER.guidance.guidance_scale, 7000)
    assert torch.allclose(guided_noise(cond, uncond, scale), paper, atol=1e-3)


def test_p03_the_gradient_is_weighted_by_sigma_squared_and_t_is_uniform():
    prior, gradient, _, noising = one_gradient(scale=3.0)
    sigma_squared = 1 - float(prior.alphas_cumprod[300])
    assert torch.allclose(gradient, sigma_squared * (3.0 - noising.noise), atol=1e-5)
    assert PAPER.guidance.weighting == "sigma_squared"
    assert (PAPER.guidance.t_low, PAPER.guidance.t_high) == (0.02, 0.98)
    t = draw_timesteps(torch.rand(DRAWS, generator=generator()), (0.02, 0.98), 1000).double()
    assert (t.min(), t.max()) == (20, 979)
    assert t.mean().item() == pytest.approx(499.5, abs=6)
    assert t.std().item() == pytest.approx(960 / math.sqrt(12), abs=5)


def test_p05_as_a_loss_its_gradient_is_the_direction_itself():
    x = torch.rand(2, 3, 4, 4, generator=generator(), requires_grad=True)
    direction = torch.randn(x.shape, generator=generator(1))
    as_loss(x, direction).backward()
    assert torch.allclose(x.grad, direction / 2, atol=1e-6)


def test_p06_nothing_flows_through_the_prior():
    prior, gradient, _, _ = one_gradient()
    assert not gradient.requires_grad
    assert prior.weight.grad is None


def test_p07_four_views_a_step():
    assert PAPER.optimiser.views == 4


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
    density, albedo = field.raw(torch.zeros(1, 3))
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
    assert field.raw(points)[0].tolist() == pytest.approx(expected, rel=1e-5)
    assert (PAPER.field.mlp.blob_density, PAPER.field.mlp.blob_radius) == (5.0, 0.2)


def test_p11_the_scene_ends_at_a_sphere_of_1_4_and_cameras_may_stand_inside():
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
        picture = scene.render(views.cameras, views.lighting, views.backgrounds, 8, 8)
    assert picture.opacity.max() < 1e-6
    assert picture.image.std() > 0.02
    directions = torch.nn.functional.normalize(torch.randn(5, 3, generator=generator()), dim=-1)
    assert Environment()(directions).shape == (5, 3)


def test_p12_quadrature():
    alpha, weights = alpha_weights(torch.tensor([[math.log(2.0), math.log(4.0)]]), torch.tensor([[1.0, 0.5]]))
    assert alpha.tolist()[0] == pytest.approx([0.5, 0.5])
    assert weights.tolist()[0] == pytest.approx([0.5, 0.25])


def test_p13_samples_go_where_the_weights_are():
    edges = torch.linspace(0, 1, 11)[None]
    weights = torch.zeros(1, 10)
    weights[0, 3], weights[0, 7] = 0.6, 0.3
    new = resample(edges, weights, 300)
    assert (new.diff(dim=-1) >= 0).all()
    assert (new[0, 0].item(), new[0, -1].item()) == pytest.approx((0.0, 1.0))
    middle = 0.5 * (new[0, 1:] + new[0, :-1])
    assert ((middle > 0.3) & (middle < 0.4)).float().mean().item() == pytest.approx(2 / 3, abs=0.03)
    assert ((middle > 0.7) & (middle < 0.8)).float().mean().item() == pytest.approx(1 / 3, abs=0.03)


def test_p13_a_proposal_that_covers_the_field_costs_nothing_one_that_misses_it_does():
    edges = torch.tensor([[0.0, 0.25, 0.5, 0.75, 1.0]])
    weights = torch.tensor([[0.0, 0.5, 0.1, 0.0]])
    coarse = torch.tensor([[0.0, 0.5, 1.0]])
    assert outer_bound(edges, coarse, torch.tensor([[0.6, 0.2]])).tolist()[0] == pytest.approx([0.6, 0.6, 0.2, 0.2])
    assert interlevel_loss(edges, weights, coarse, torch.tensor([[0.6, 0.2]])).item() == 0.0
    proposal = torch.tensor([[0.3, 0.2]], requires_grad=True)
    loss = interlevel_loss(edges, weights.requires_grad_(True), coarse, proposal)
    assert loss.item() == pytest.approx(0.2**2 / 0.5, rel=1e-3)
    loss.backward()
    assert proposal.grad[0, 0] < 0  # more weight there
    assert weights.grad is None
    assert ProposalField()(torch.zeros(2, 3), 0.01).shape == (2,)


def test_p14_normals_are_the_densitys_slope_and_part_of_the_graph():
    field = MlpField().double()
    field.variance.fill_(0.01)
    points = 0.4 * torch.randn(6, 3, generator=generator(), dtype=torch.float64)
    density, _, normal = field.with_normals(points)
    steps = 1e-6 * torch.eye(3, dtype=torch.float64)
    slope = torch.stack([(field.raw(points + d)[0] - field.raw(points - d)[0]) / 2e-6 for d in steps], -1)
    assert torch.allclose(normal, -slope / slope.norm(dim=-1, keepdim=True), atol=1e-6)
    assert density.requires_grad
    normal[:, 0].sum().backward()
    weight = field.blocks[0].inner[1].weight
    assert weight.grad.abs().max() > 0

    def first_normal(change: float) -> float:
        with torch.no_grad():
            weight[3, 4] += change
        total = field.with_normals(points)[2][:, 0].sum().item()
        with torch.no_grad():
            weight[3, 4] -= change
        return total

    numeric = (first_normal(1e-5) - first_normal(-1e-5)) / 2e-5
    assert weight.grad[3, 4].item() == pytest.approx(numeric, rel=1e-4, abs=1e-9)


def test_p15_a_point_light_shines_by_the_cosine_at_each_point():
    normal = torch.tensor([[0.0, 0, 1], [0, 0, 1], [0, 0, 1]])
    points = torch.tensor([[0.0, 0, 0], [1, 0, 0], [0, 0, 2]])
    light = torch.tensor([[0.0, 0, 1]]).expand(3, -1)
    glow = lambert(normal, points, light, torch.full((3, 1), 0.1))[:, 0]
    assert glow.tolist() == pytest.approx([1.0, 0.1 + 0.9 * math.sqrt(0.5), 0.1])


def test_p16_albedo_alone_for_1000_steps_then_three_styles_by_their_shares():
    shading = PAPER.shading
    cameras = draw_cameras(PAPER.camera, DRAWS, generator())
    early, styles = draw_lighting(shading, cameras, 999, generator(1))
    assert set(styles) == {UNLIT}
    assert (early.ambient == 1).all()
    late, styles = draw_lighting(shading, cameras, 1000, generator(1))
    shares = [styles.count(style) / DRAWS for style in (UNLIT, SHADED, CLAY)]
    assert shares == pytest.approx([0.25, 0.375, 0.375], abs=0.015)
    assert sorted(late.ambient.unique().tolist()) == pytest.approx([0.1, 1.0])
    assert late.textured.tolist() == [style != CLAY for style in styles]


def test_p17_lights_are_drawn_around_the_camera_and_set_at_0_8_to_1_5():
    cameras = draw_cameras(PAPER.camera, DRAWS, generator())
    lighting, _ = draw_lighting(PAPER.shading, cameras, 5000, generator(1))
    reach = lighting.light.norm(dim=-1)
    assert (reach.min().item(), reach.max().item()) == (pytest.approx(0.8, abs=2e-3), pytest.approx(1.5, abs=2e-3))
    assert reach.mean().item() == pytest.approx(1.15, abs=0.01)
    # N(p, I) at |p| = 1.25: the mean cosine to p, by sampling it apart.
    apart = torch.tensor([0.0, 0.0, 1.25]) + torch.randn(200_000, 3, generator=generator(2))
    expected = (apart[:, 2] / apart.norm(dim=-1)).mean().item()
    cosine = torch.nn.functional.cosine_similarity(lighting.light, cameras.position, dim=-1).mean().item()
    assert cosine == pytest.approx(expected, abs=0.02)


def test_p18_cameras_are_spread_and_jittered_as_published():
    camera = PAPER.camera
    plain = draw_cameras(replace(camera, position_jitter=0.0, target_jitter=0.0, up_jitter=0.0), DRAWS, generator())
    degrees = torch.rad2deg(plain.elevation)
    assert (degrees.min() >= -10.01) & (degrees.max() <= 90.01)
    # Half uniform in the angle (mean 40), half uniform in area: P(elevation < 30 degrees) = (sin 30 + sin 10)/(1 + sin 10).
    below = (math.sin(math.radians(30)) + math.sin(math.radians(10))) / (1 + math.sin(math.radians(10)))
    assert (degrees < 30).float().mean().item() == pytest.approx(0.5 * 0.4 + 0.5 * below, abs=0.015)
    distance = plain.position.norm(dim=-1)
    assert (distance.min().item(), distance.max().item()) == (pytest.approx(1, abs=1e-3), pytest.approx(1.5, abs=1e-3))
    assert torch.rad2deg(plain.azimuth).mean().item() == pytest.approx(180, abs=3)

    jittered = draw_cameras(camera, DRAWS, generator())
    assert torch.equal(jittered.azimuth, plain.azimuth)  # the words are those of the view before the jitter
    moved = jittered.position - plain.position
    assert moved.abs().max().item() == pytest.approx(0.1, abs=1e-3)
    assert moved.std().item() == pytest.approx(0.1 / math.sqrt(3), abs=2e-3)
    only_target = draw_cameras(replace(camera, position_jitter=0.0, up_jitter=0.0), DRAWS, generator())
    # The distance from the line of sight to the origin is about that of the target, across the line: 0.2 in two directions.
    sight = -only_target.rotation[:, :, 2]
    offset = only_target.position + (-(only_target.position * sight).sum(-1, keepdim=True)) * sight
    assert offset.square().sum(-1).mean().sqrt().item() == pytest.approx(0.2 * math.sqrt(2), rel=0.05)
    only_up = draw_cameras(replace(camera, position_jitter=0.0, target_jitter=0.0), DRAWS, generator())
    roll = (only_up.rotation[:, :, 0] * plain.rotation[:, :, 1]).sum(-1)
    assert roll.std().item() == pytest.approx(0.02, rel=0.05)


def test_p19_focal_lengths_and_size():
    focal = draw_cameras(PAPER.camera, DRAWS, generator()).focal
    assert (focal.min().item(), focal.max().item()) == (pytest.approx(0.7, abs=1e-3), pytest.approx(1.35, abs=1e-3))
    assert math.degrees(2 * math.atan(0.5 / 0.7)) == pytest.approx(71.1, abs=0.05)
    assert value(PAPER.optimiser.render_px, 5000) == 64


@pytest.mark.parametrize(
    ("azimuth", "elevation", "words"),
    [
        (10, 61, "overhead view"),
        (10, 59, "front view"),
        (95, 0, "side view"),
        (181, 20, "back view"),
        (270, 0, "side view"),
    ],
)
def test_p20_view_words(azimuth, elevation, words):
    assert coarse_view(math.radians(azimuth), math.radians(elevation)) == words


def test_p22_the_orientation_loss_and_its_weight():
    assert [value(PAPER.losses.orientation, step) for step in (0, 2500, 5000, 15_000)] == pytest.approx(
        [1e-4, 5.05e-3, 1e-2, 1e-2]
    )
    scene = MlpScene(replace(PAPER.field.mlp, proposal_samples=(16,)), torch.device("cpu"), 0)
    views = draw_views(PAPER.camera, PAPER.shading, 1, 0, generator())
    picture = scene.render(views.cameras, views.lighting, views.backgrounds, 6, 12, Randomness(views.seeds))
    assert picture.facing.min() >= 0
    # The blob's normals all point outwards; turned around, they face away from the camera and cost.
    outward = picture.facing.mean().item()
    plain = scene.field.with_normals
    scene.field.with_normals = lambda points: (*plain(points)[:2], -plain(points)[2])
    inward = scene.render(views.cameras, views.lighting, views.backgrounds, 6, 12, Randomness(views.seeds))
    assert inward.facing.mean().item() > 2 * outward


def test_p23_the_opacity_loss_and_its_weight():
    assert losses.opacity_loss(torch.tensor([0.0, 1.0])).item() == pytest.approx((0.1 + math.sqrt(1.01)) / 2)
    assert 1e-3 <= value(PAPER.losses.opacity, 0) <= 5e-3


def test_p24_shampoo_as_published():
    weights = torch.nn.Parameter(torch.zeros(160, 48))
    shampoo = build_optimiser(PAPER.optimiser, {"all": [weights]})
    shampoo.param_groups[0]["lr"] = 1.0
    weights.grad = torch.randn(160, 48, generator=generator())
    shampoo.step()
    assert type(shampoo).__name__ == "ScalableShampoo"
    assert shampoo.param_groups[0]["betas"] == (0.9, 0.9)
    conditioner = shampoo.state[weights]["pre_conditioner"]
    assert shampoo.block_size == 128
    assert {(128, 128), (32, 32), (48, 48)} <= {tuple(block.shape) for block in conditioner.statistics}
    assert shampoo.inverse_exponent_override == 2
    assert shampoo.matrix_eps == 1e-6
    # SQRT_N grafting: a step has the norm of as many ones as there are values, here times (1 - b1).
    assert weights.norm().item() == pytest.approx(0.1 * math.sqrt(160 * 48), rel=1e-3)


def test_p24_warm_up_then_cosine():
    rate = PAPER.optimiser.learning_rate
    assert [value(rate, step) for step in (0, 1500, 3000, 15_000)] == pytest.approx([1e-9, 5e-5, 1e-4, 1e-6], rel=1e-4)
    assert value(rate, 9000) == pytest.approx(1e-6 + 0.5 * (1e-4 - 1e-6), rel=0.01)
    assert value(rate, 6000) == pytest.approx(1e-6 + (1e-4 - 1e-6) * 0.5 * (1 + math.cos(math.pi / 4)), rel=0.01)


def test_p25_fifteen_thousand_steps():
    assert PAPER.optimiser.steps == 15_000


def small() -> Optimisation:
    settings = replace(
        PAPER,
        field=replace(PAPER.field, mlp=replace(PAPER.field.mlp, width=16, blocks=2, proposal_samples=(8,))),
        optimiser=replace(PAPER.optimiser, render_px=8, samples=64, learning_rate=1e-2),
        shading=replace(PAPER.shading, albedo_only_steps=0),
    )
    return Optimisation("a red mushroom", "", 3, settings, Recorder(), torch.device("cpu"))


def test_views_one_after_the_other_give_the_gradient_of_all_together():
    together, apart = small(), small()
    apart.settings = replace(apart.settings, optimiser=replace(apart.settings.optimiser, views_at_once=1))
    for run in (together, apart):
        run.advance()
    for name, parameter in together.scene.modules.named_parameters():
        assert torch.allclose(parameter, apart.scene.modules.get_parameter(name), atol=1e-4), name


def test_a_run_with_shampoo_goes_on_as_if_it_had_never_stopped():
    whole, first, second = small(), small(), small()
    for _ in range(2):
        whole.advance()
        first.advance()
    tensors, meta = first.state()
    second.restore({name: tensor.clone() for name, tensor in tensors.items()}, meta)
    for _ in range(2):
        whole.advance()
        second.advance()
    for name, parameter in whole.scene.modules.named_parameters():
        assert torch.equal(parameter, second.scene.modules.get_parameter(name)), name
