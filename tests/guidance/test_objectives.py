"""Objectives of distillation with scores in closed form: Gaussian pictures, whose text is their mean."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from backend.config.presets import FAST
from backend.guidance.base import Conditioning
from backend.guidance.distillation import Distillation, avoided_texts
from backend.guidance.families import load_family
from backend.guidance.objectives import Objective, Texts, avoiding, distillation_gradient, invert
from backend.guidance.sds import Noising
from backend.guidance.view_conditions import UNLIT, ViewConditions
from backend.maths.random_streams import RandomStreams

SPREAD, COUNT = 0.5, 4
PROMPT, EMPTY, NEGATIVE = 0.7, 0.1, -0.4
TIMES = [50, 150, 500, 900]


class Gaussian:
    """x ~ N(mean, SPREAD^2) with the optimal prediction of the noise."""

    name, image_px, coarse, has_view_inputs = "gaussian", 4, None, False
    alphas_cumprod = torch.linspace(0.9999, 0.01, 1000)

    def __init__(self) -> None:
        self.texts: list[str] = []

    def view_text(self, prompt: str, view: ViewConditions) -> str:
        return f"{prompt}, {round(math.degrees(view.azimuth))}"

    def encode_text(self, texts: list[str], views: object = None) -> Conditioning:
        self.texts += texts
        return means(float(len(texts[0])))

    def encode(self, image: Tensor) -> Tensor:
        return image

    def predict_noise(self, z_t: Tensor, t: Tensor, text: Conditioning) -> Tensor:
        a = self.alphas_cumprod[t].view(-1, 1, 1, 1)
        return predicted(z_t, a, text.hidden.view(-1, 1, 1, 1))


def predicted(z_t: Tensor, a: Tensor, mean: Tensor | float) -> Tensor:
    return (1 - a).sqrt() * (z_t - a.sqrt() * mean) / (a * SPREAD**2 + 1 - a)


def means(*values: float) -> Conditioning:
    return Conditioning(torch.tensor(values)[:, None, None], None)


def rows(value: float) -> Conditioning:
    return means(*[value] * COUNT)


def drawn() -> tuple[Tensor, Noising, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(0)
    x, noise = torch.randn(2, COUNT, 3, 4, 4, generator=generator)
    t = torch.tensor(TIMES)
    a = Gaussian.alphas_cumprod[t].view(-1, 1, 1, 1)
    return x, Noising(t, noise), a, a.sqrt() * x + (1 - a).sqrt() * noise


def gradient(objective: Objective, texts: Texts | None = None) -> Tensor:
    x, noising, _, _ = drawn()
    texts = texts or Texts(rows(PROMPT), rows(EMPTY))
    return distillation_gradient(Gaussian(), x, texts, noising, replace(objective, weighting="uniform"))


def difference(a: Tensor, mean: float, other: float) -> Tensor:
    """What two texts change in the prediction, at any z_t."""
    return -(1 - a).sqrt() * a.sqrt() * (mean - other) / (a * SPREAD**2 + 1 - a)


def test_the_classifier_score_is_the_difference_of_two_texts() -> None:
    _, _, a, _ = drawn()
    found = gradient(Objective("csd", 7.5))
    torch.testing.assert_close(found, (7.5 * difference(a, PROMPT, EMPTY)).expand_as(found))


def test_noise_free_leads_to_the_model_s_pictures_at_low_noise_and_from_the_negative_ones_above() -> None:
    _, _, a, z_t = drawn()
    found = gradient(Objective("nfsd", 7.5), Texts(rows(PROMPT), rows(EMPTY), rows(NEGATIVE)))
    away = difference(a, EMPTY, NEGATIVE).expand_as(found)
    direction = torch.where(
        torch.tensor([True, True, False, False])[:, None, None, None], predicted(z_t, a, EMPTY), away
    )
    torch.testing.assert_close(found, direction + 7.5 * difference(a, PROMPT, EMPTY))


def test_without_a_negative_prompt_noise_free_is_the_classifier_score_at_high_noise() -> None:
    noise_free, classifier = gradient(Objective("nfsd", 7.5)), gradient(Objective("csd", 7.5))
    torch.testing.assert_close(noise_free[2:], classifier[2:])
    assert not torch.allclose(noise_free[:2], classifier[:2], atol=0.1)


@pytest.mark.parametrize("steps", [1, 3, 5])
def test_the_inversion_is_that_of_ddim(steps: int) -> None:
    """Each step in numbers: the score is linear, so z stays k x + m, and k and m follow by hand."""
    x, noising, _, _ = drawn()
    found = invert(Gaussian(), x, noising.t, Texts(rows(PROMPT), rows(EMPTY)), steps, -2.0)
    mean = EMPTY - 2.0 * (PROMPT - EMPTY)
    for row, t in enumerate(TIMES):
        k, m, at, now = 1.0, 0.0, 0, 1.0
        for step in range(1, steps + 1):
            a = float(Gaussian.alphas_cumprod[at])
            slope = math.sqrt(1 - a) / (a * SPREAD**2 + 1 - a)
            noise_k, noise_m = slope * k, slope * (m - math.sqrt(a) * mean)
            clean_k, clean_m = ((v - math.sqrt(1 - now) * n) / math.sqrt(now) for v, n in ((k, noise_k), (m, noise_m)))
            at = t * step // steps
            now = float(Gaussian.alphas_cumprod[at])
            k, m = (math.sqrt(now) * c + math.sqrt(1 - now) * n for c, n in ((clean_k, noise_k), (clean_m, noise_m)))
        torch.testing.assert_close(found[row], k * x[row] + m, atol=1e-4, rtol=1e-4)


def test_a_fine_inversion_follows_the_exact_flow() -> None:
    """The probability flow of a Gaussian: (z_t - alpha mean) / sqrt(alpha^2 SPREAD^2 + sigma^2) is constant."""
    x, noising, a, _ = drawn()
    found = invert(Gaussian(), x, noising.t, Texts(rows(PROMPT), rows(EMPTY)), 300, 1.0)
    exact = a.sqrt() * PROMPT + (x - PROMPT) / SPREAD * (a * SPREAD**2 + 1 - a).sqrt()
    torch.testing.assert_close(found, exact, atol=0.05, rtol=0.02)


def test_via_inversion_the_gradient_does_not_depend_on_drawn_noise() -> None:
    x, noising, a, _ = drawn()
    texts, objective = Texts(rows(PROMPT), rows(EMPTY)), Objective("sdi", 7.5, weighting="uniform")
    found = distillation_gradient(Gaussian(), x, texts, noising, objective)
    other = replace(noising, noise=torch.zeros_like(x))
    torch.testing.assert_close(distillation_gradient(Gaussian(), x, texts, other, objective), found)
    z_t = invert(Gaussian(), x, noising.t, texts, 3, -7.5)
    kappa = (z_t - a.sqrt() * x) / (1 - a).sqrt()
    guided = predicted(z_t, a, EMPTY + 7.5 * (PROMPT - EMPTY))
    torch.testing.assert_close(found, guided - kappa, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("kind", ["sds", "csd", "sdi"])
def test_the_gradient_leads_to_the_prompt(kind: str) -> None:
    x = torch.full((COUNT, 1, 1, 1), EMPTY)
    noising = Noising(torch.tensor(TIMES), torch.zeros_like(x))
    found = distillation_gradient(Gaussian(), x, Texts(rows(PROMPT), rows(EMPTY)), noising, Objective(kind, 7.5))
    assert (found < 0).all()  # descent increases x toward the prompt's larger mean


def test_only_the_perpendicular_part_of_other_views_counts() -> None:
    direction, along, across = torch.randn(3, 2, 3, 4, 4, generator=torch.Generator().manual_seed(1))
    across = (
        across
        - (across * direction).sum((1, 2, 3), keepdim=True)
        / direction.square().sum((1, 2, 3), keepdim=True)
        * direction
    )
    weight = torch.tensor([1.0, 0.0])
    found = avoiding(direction, [(3 * direction + across, weight)])
    torch.testing.assert_close(found[0], direction[0] - across[0], atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(found[1], direction[1])
    assert not torch.allclose(along, direction)


def test_other_views_that_only_change_what_the_prompt_changes_have_no_effect() -> None:
    """All texts here differ along one direction, that of the mean."""
    texts = Texts(rows(PROMPT), rows(EMPTY), others=((means(0.2, 0.3, 0.4, 0.5), torch.ones(COUNT)),))
    torch.testing.assert_close(gradient(Objective("sds", 7.5), texts), gradient(Objective("sds", 7.5)))


def test_the_bound_limits_each_value() -> None:
    free, bound = gradient(Objective("sds", 7.5)), gradient(Objective("sds", 7.5, bound=0.2))
    assert free.abs().max() > 0.2
    torch.testing.assert_close(bound, free.clamp(-0.2, 0.2))


def texts_for(negative_prompt: str, **settings: object) -> list[str]:
    """The texts that a step encodes, from a view of the right side."""
    prior = Gaussian()
    guidance = replace(FAST.guidance, **settings)
    guide = Distillation(prior, "a mug", negative_prompt, guidance)
    views = [ViewConditions(math.pi / 2, 0.0, UNLIT)]
    guide.compute(torch.full((1, 3, 4, 4), 0.5, requires_grad=True), views, 0, RandomStreams([1]))
    return sorted(prior.texts)


def test_each_objective_encodes_the_texts_that_it_needs() -> None:
    assert texts_for("") == ["", "a mug, 90"]
    assert texts_for("blurry") == ["a mug, 90", "blurry"]
    assert texts_for("blurry", objective="csd") == ["a mug, 90", "blurry"]
    assert texts_for("blurry", objective="nfsd") == ["", "a mug, 90", "blurry"]
    assert texts_for("", objective="nfsd") == ["", "a mug, 90"]
    assert texts_for("", perp_neg=1.0) == ["", "a mug, 0", "a mug, 180", "a mug, 90"]


def test_all_texts_are_encoded_before_a_large_text_encoder_is_unloaded(tiny: Callable[[str], Path]) -> None:
    prior = load_family(tiny("sd"), torch.device("cpu"), torch.float32)
    settings = replace(FAST.guidance, objective="nfsd", perp_neg=1.0)
    prior.prepare("a mug", *avoided_texts(settings, "blurry"))
    prior.encode_text = lambda texts, views=None: (
        pytest.fail(f"encodes {texts}") if texts[0] not in known else encode(texts)
    )
    known, encode = set(prior._encoded), type(prior).encode_text.__get__(prior)
    guide = Distillation(prior, "a mug", "blurry", settings)
    image = torch.full((1, 3, 32, 32), 0.5, requires_grad=True)
    for azimuth in (0.0, 1.6, 3.1):
        guide.compute(image, [ViewConditions(azimuth, 0.1, UNLIT)], 0, RandomStreams([1])).loss.backward()
    assert image.grad.isfinite().all()


def test_the_weight_of_another_view_grows_with_its_distance() -> None:
    front = ViewConditions(0.0, 0.0, UNLIT)
    assert front.away_from(0.0) == pytest.approx(0)
    assert front.away_from(math.pi) == pytest.approx(1)
    assert ViewConditions(math.pi / 2, 0.3, UNLIT).away_from(0.0) == pytest.approx(0.5)
    assert front._replace(elevation=math.pi / 2).away_from(math.pi) == pytest.approx(0.5)
