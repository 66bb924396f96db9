"""The optimization with the built-in model: repeatable, resumable, and effective."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from backend.config.presets import PRESETS
from backend.config.settings import LossSettings, Settings
from backend.guidance.loader import load_prior
from backend.optimize.loop import Optimization
from backend.optimize.render import Rendered


@pytest.fixture(scope="module")
def prior():
    return load_prior("builtin", torch.device("cpu"))


@pytest.fixture(autouse=True)
def _one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # a fixed order of summation, so that runs are bit-identical
    yield
    torch.set_num_threads(threads)


def settings(steps: int = 6):
    fast = PRESETS["fast"]
    return replace(
        fast,
        field=replace(fast.field, levels=(8, 16, 32), prune_from=2, prune_every=2, visibility_every=2),
        losses=replace(fast.losses, volume_every=2),
        optimizer=replace(fast.optimizer, steps=steps, render_px=32, samples=48),
        shading=replace(fast.shading, albedo_only_steps=1),
    )


def without_overlap():
    return replace(settings(), optimizer=replace(settings().optimizer, overlap=False))


def with_fine_levels():
    chosen = settings()
    return replace(chosen, field=replace(chosen.field, fine_levels=(64, 128), fine_entries_log2=12))


def run(prior, seed: int = 0, steps: int = 6) -> Optimization:
    return started(settings(steps), prior, seed)


def started(chosen: Settings, prior, seed: int = 0) -> Optimization:
    return Optimization("a red mushroom", "", seed, chosen, prior, torch.device("cpu"))


def test_the_seed_determines_the_run(prior):
    first, second, other = run(prior), run(prior), run(prior, seed=1)
    for _ in range(3):
        sizes = [one.advance() for one in (first, second, other)]
    assert sizes[0] == sizes[1] != sizes[2]
    assert np.array_equal(first.preview(32), second.preview(32))
    assert not np.array_equal(first.preview(32), other.preview(32))


@pytest.mark.parametrize(("at", "make"), [(3, settings), (4, settings), (3, with_fine_levels)])
def test_a_restored_run_continues_bit_identically(prior, at, make):
    whole, first = started(make(), prior), started(make(), prior)
    for _ in range(at):
        whole.advance()
        first.advance()
    tensors, meta = first.state()
    tensors = {name: tensor.clone() for name, tensor in tensors.items()}
    second = started(make(), prior, seed=99)
    second.restore(tensors, meta)
    assert second.step == at
    for _ in range(6 - at):
        assert second.advance() == whole.advance()
    for one, other in zip(second.field.parameters(), whole.field.parameters(), strict=True):
        assert torch.equal(one, other)


def test_the_overlapping_model_delays_the_gradient_by_one_step(prior):
    """The second view shows the field before the first update; without the overlap, it shows it afterwards."""
    ahead = run(prior)
    alone = Optimization("a red mushroom", "", 0, without_overlap(), prior, torch.device("cpu"))
    assert ahead.advance() == alone.advance()
    assert ahead.advance() != alone.advance()
    assert "ahead.generator" in ahead.state()[0]
    assert not any(name.startswith("ahead.") for name in alone.state()[0])
    while ahead.step < ahead.total_steps:
        ahead.advance()
    assert not any(name.startswith("ahead.") for name in ahead.state()[0])  # nothing is rendered after the last step


def test_a_run_continues_from_a_checkpoint_without_overlap(prior):
    """As of an earlier version."""
    first = Optimization("a red mushroom", "", 0, without_overlap(), prior, torch.device("cpu"))
    first.advance()
    second = run(prior)
    second.restore(*first.state())
    assert (second.step, math.isfinite(second.advance()), second.step) == (1, True, 2)


def test_losses_of_the_volume_are_computed_at_every_second_step(prior):
    weights = LossSettings(opacity=0.0, orientation=0.0, total_variation=0.1, matter=0.3)
    every = replace(settings(), losses=weights)
    optimization = Optimization("a red mushroom", "", 0, every, prior, torch.device("cpu"))
    picture = optimization._begin_one(0).picture
    whole = float(optimization._penalty(picture, 0).detach())
    optimization.settings = replace(every, losses=replace(weights, volume_every=2))
    assert float(optimization._penalty(picture, 0).detach()) == pytest.approx(2 * whole, rel=1e-5)
    assert whole > 0
    assert float(optimization._penalty(picture, 1).detach()) == 0


def test_new_noise_replaces_the_views_rendered_ahead(prior):
    one, other = run(prior), run(prior)
    for each in (one, other):
        each.advance()
    other.reseed(5)
    assert one.advance() != other.advance()


def test_a_preview_does_not_change_the_run(prior):
    previewed, plain = run(prior), run(prior)
    previewed.advance()
    plain.advance()
    image = previewed.preview(48)
    assert image.shape == (48, 48, 3)
    assert image.dtype == np.uint8
    assert previewed.advance() == plain.advance()


def test_a_preview_is_rendered_on_the_device_of_the_run(prior, monkeypatch):
    one, devices = run(prior), []

    def render(cameras, lighting, background, size_px, samples):
        devices.extend(tensor.device for tensor in (cameras.position, lighting.light, background))
        return Rendered(*(torch.zeros(1, size_px, size_px, *channels) for channels in ((3,), (), ())))

    monkeypatch.setattr(one.scene, "render", render)
    one.device = torch.device("meta")
    one.preview(8)
    assert devices == [torch.device("meta")] * 3


def test_color_follows_the_prompt_within_a_few_steps(prior):
    """Forty small steps are enough for the albedo to tend to the color of the prompt."""
    albedo = {}
    for color in ("red", "blue"):
        one = Optimization(f"a {color} ball", "", 0, settings(40), prior, torch.device("cpu"))
        for _ in range(40):
            one.advance()
        points = torch.nn.functional.normalize(torch.randn(500, 3, generator=torch.Generator().manual_seed(0)), dim=-1)
        albedo[color] = one.field.query(points * 0.3)[1].mean(0)
    assert albedo["red"][0] - albedo["red"][2] > albedo["blue"][0] - albedo["blue"][2] + 0.1
