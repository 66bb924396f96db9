"""Guidance by an image-text model, and the losses and backgrounds of the Dream Fields baseline."""

from dataclasses import replace

import pytest
import torch

from backend.config.presets import ALL_PRESETS
from backend.config.schedules import value
from backend.guidance.likeness import Likeness, LikenessPrior
from backend.guidance.loader import open_prior
from backend.guidance.view_conditions import ViewConditions
from backend.optimize.backgrounds import draw_backgrounds
from backend.optimize.loop import Optimization
from backend.optimize.losses import transmittance_loss
from tests.lab.evaluate.conftest import TINY_PX

CPU = torch.device("cpu")
FRONT = ViewConditions(0.0, 0.5, "unlit")


@pytest.fixture(scope="module")
def prior(tiny_clip) -> LikenessPrior:
    found = open_prior(str(tiny_clip), CPU)
    assert isinstance(found, LikenessPrior)
    return found


def test_the_loss_is_minus_the_cosine(prior):
    guide = Likeness(prior, "a red mug")
    image = torch.rand(2, 3, 24, 24, generator=torch.Generator().manual_seed(0))
    judged = guide.compute(image, [FRONT, FRONT], 0, None)
    clip = prior.clip
    cosine = (clip.embed_images(image.permute(0, 2, 3, 1)) * clip.embed_texts(["a red mug"])).sum(-1)
    assert judged.pixels == 24 * 24
    assert float(judged.loss) == pytest.approx(-24 * 24 * float(cosine.mean()), rel=1e-4)
    assert judged.sizes.tolist() == pytest.approx((1 - cosine).tolist(), abs=1e-5)


def test_gradient_steps_increase_the_similarity(prior):
    guide = Likeness(prior, "a red mug")
    image = torch.full((1, 3, TINY_PX, TINY_PX), 0.5, requires_grad=True)
    before = float(guide.compute(image, [FRONT], 0, None).sizes)
    optimizer = torch.optim.Adam([image], lr=0.02)
    for _ in range(20):
        optimizer.zero_grad()
        guide.compute(image, [FRONT], 0, None).loss.backward()
        optimizer.step()
    assert float(guide.compute(image, [FRONT], 0, None).sizes) < before - 0.05


def test_empty_space_is_rewarded_up_to_the_target():
    full, half, empty = torch.ones(1, 4, 4), torch.full((1, 4, 4), 0.5), torch.zeros(1, 4, 4)
    assert [float(transmittance_loss(picture, 0.6)) for picture in (full, half, empty)] == pytest.approx(
        [0, -0.5, -0.6]
    )
    assert float(transmittance_loss(torch.cat((full, empty)), 0.6)) == pytest.approx(-0.3)
    empty.requires_grad_()
    transmittance_loss(empty, 0.6).backward()
    assert not empty.grad.any()


def test_textured_backgrounds_vary_within_and_between_views():
    drawn = draw_backgrounds(24, torch.Generator().manual_seed(0), "textures", 32)
    assert drawn.shape == (24, 32, 32, 3)
    assert 0 <= float(drawn.min()) < float(drawn.max()) <= 1
    assert (drawn.flatten(1).std(1) > 0.01).all()
    assert not torch.allclose(drawn[0], drawn[1], atol=0.05)
    plain = draw_backgrounds(5, torch.Generator().manual_seed(0))
    assert plain.shape == (5, 1, 1, 3)


def test_the_baseline_is_unlit_with_a_fixed_elevation(prior):
    settings = ALL_PRESETS["dream-fields"]
    assert value(settings.losses.transmittance, 0) == 0.5
    settings = replace(
        settings,
        field=replace(settings.field, levels=(4, 8)),
        optimizer=replace(settings.optimizer, render_px=16, samples=16, steps=4),
    )
    run = Optimization("a red mug", "", 0, settings, prior, CPU)
    seen = []
    compute = run.guide.compute

    def watched(image, looks, *others):
        seen.extend(looks)
        return compute(image, looks, *others)

    run.guide.compute = watched
    before = [parameter.detach().clone() for parameter in run.scene.modules.parameters()]
    sizes = [run.advance() for _ in range(4)]
    assert all(0 < size < 2 for size in sizes)
    assert len(seen) == 16
    assert {look.style for look in seen} == {"unlit"}
    assert all(look.elevation == pytest.approx(0.5236, abs=1e-3) for look in seen)
    assert any(not torch.equal(a, b) for a, b in zip(before, run.scene.modules.parameters(), strict=True))
