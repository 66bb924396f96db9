"""The preset "paper" against the DreamFusion paper, items 22 to 25: regularizers and optimization."""

import math
from dataclasses import replace

import pytest
import torch

from backend.config.schedules import value
from backend.maths.random_streams import RandomStreams
from backend.optimize import losses
from backend.optimize.mlp_scene import MlpScene
from backend.optimize.optimizers import build_optimizer
from backend.optimize.render import Rendered
from backend.optimize.views import draw_views

from .common import PAPER, are_close, generator, gradients, small


def test_p22_the_orientation_loss_and_its_weight():
    assert [value(PAPER.losses.orientation, step) for step in (0, 2500, 5000, 15_000)] == pytest.approx(
        [1e-4, 5.05e-3, 1e-2, 1e-2]
    )
    scene = MlpScene(replace(PAPER.field.mlp, proposal_samples=(16,)), torch.device("cpu"), 0)
    views = draw_views(PAPER.camera, PAPER.shading, 1, 0, generator())
    rendered = scene.render(views.cameras, views.lighting, views.backgrounds, 6, 12, RandomStreams(views.seeds))
    assert rendered.orientation.min() >= 0
    # The blob's normals all point outwards. Inverted, they face away from the camera, which increases the loss.
    outward = rendered.orientation.mean().item()
    plain = scene.field.with_normals
    scene.field.with_normals = lambda points: (*plain(points)[:2], -plain(points)[2])
    inward = scene.render(views.cameras, views.lighting, views.backgrounds, 6, 12, RandomStreams(views.seeds))
    assert inward.orientation.mean().item() > 2 * outward


def test_p22_the_weights_of_the_orientation_loss_carry_no_gradient():
    scene = MlpScene(replace(PAPER.field.mlp, proposal_samples=(16,)), torch.device("cpu"), 0)
    plain = scene.field.with_normals
    # With constant normals, any gradient would come from the weights.
    scene.field.with_normals = lambda points: (*plain(points)[:2], torch.ones_like(points) / math.sqrt(3))
    views = draw_views(PAPER.camera, PAPER.shading, 1, 0, generator())
    rendered = scene.render(views.cameras, views.lighting, views.backgrounds, 6, 12, RandomStreams(views.seeds))
    assert rendered.orientation.max() > 0
    weight = scene.field.head[-1].weight
    for total, has_gradient in ((rendered.orientation.sum(), False), (rendered.opacity.sum(), True)):
        (gradient,) = torch.autograd.grad(total, weight, retain_graph=True)
        assert bool(gradient.any()) == has_gradient


def test_p22_p23_a_step_adds_both_with_their_weights():
    run, opacity, orientation = small(), torch.tensor([[[0.2, 0.9]]]), torch.tensor([[[0.3, 0.1]]])
    rendered = Rendered(torch.zeros(1, 1, 2, 3), opacity, orientation, {"interlevel": lambda: torch.tensor(0.0)})
    for step, weight in ((0, 1e-4), (2500, 5.05e-3), (9000, 1e-2)):
        fog = (math.sqrt(0.2**2 + 0.01) + math.sqrt(0.9**2 + 0.01)) / 2
        assert run._penalty(rendered, step).item() == pytest.approx(1e-3 * fog + weight * 0.2, rel=1e-5)


def test_p23_the_opacity_loss_and_its_weight():
    assert losses.opacity_loss(torch.tensor([0.0, 1.0])).item() == pytest.approx((0.1 + math.sqrt(1.01)) / 2)
    assert 1e-3 <= value(PAPER.losses.opacity, 0) <= 5e-3


def test_p24_shampoo_as_in_the_paper():
    weights = torch.nn.Parameter(torch.zeros(160, 48))
    shampoo = build_optimizer(PAPER.optimizer, {"all": [weights]})
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
    # SQRT_N grafting: the norm of a step is sqrt(number of values), here times (1 - b1).
    assert weights.norm().item() == pytest.approx(0.1 * math.sqrt(160 * 48), rel=1e-3)


def test_p24_warm_up_then_cosine():
    rate = PAPER.optimizer.learning_rate
    assert [value(rate, step) for step in (0, 1500, 3000, 15_000)] == pytest.approx([1e-9, 5e-5, 1e-4, 1e-6], rel=1e-4)
    assert value(rate, 9000) == pytest.approx(1e-6 + 0.5 * (1e-4 - 1e-6), rel=0.01)
    assert value(rate, 6000) == pytest.approx(1e-6 + (1e-4 - 1e-6) * 0.5 * (1 + math.cos(math.pi / 4)), rel=0.01)


def test_p24_each_step_has_the_schedules_learning_rate():
    run = small()
    run.settings = replace(
        run.settings, optimizer=replace(run.settings.optimizer, learning_rate=PAPER.optimizer.learning_rate)
    )
    for step, rate in ((0, 1e-9), (1500, 5e-5), (3000, 1e-4), (15_000, 1e-6)):
        run.step = step
        run._update()
        assert [group["lr"] for group in run.optimizer.param_groups] == pytest.approx([rate], rel=1e-4)


def test_p25_fifteen_thousand_steps():
    assert PAPER.optimizer.steps == 15_000


def test_views_rendered_one_by_one_give_the_same_gradient():
    together, one_by_one = small(), small()
    settings = one_by_one.settings
    one_by_one.settings = replace(settings, optimizer=replace(settings.optimizer, views_at_once=1))
    assert are_close(gradients(together), gradients(one_by_one))
    assert [len(t) for _, t in one_by_one.prior.seen] == [2] * 4


def test_a_restored_run_with_shampoo_continues_bit_identically():
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
