"""A model with a coarse version: which one is evaluated at which step, and at which image size."""

from dataclasses import replace

import torch

from backend.config.presets import PRESETS
from backend.guidance.base import Conditioning
from backend.optimize.loop import Optimization


class Recorder:
    has_view_inputs = runs_beside = False
    alphas_cumprod = torch.linspace(0.9999, 0.0001, 1000)

    def __init__(self, image_px, coarse=None):
        self.name, self.image_px, self.coarse = "recorder", image_px, coarse
        self.sizes: list[tuple[int, ...]] = []

    def view_text(self, prompt, view):
        return prompt

    def encode_text(self, texts, views=None):
        return Conditioning(torch.zeros(len(texts), 1), None)

    def encode(self, image):
        return torch.nn.functional.interpolate(image, (self.image_px, self.image_px), mode="area")

    def predict_noise(self, z_t, t, text):
        self.sizes.append(tuple(z_t.shape))
        return torch.zeros_like(z_t)


def steps(prior, coarse_steps: int) -> None:
    fast = PRESETS["fast"]
    settings = replace(
        fast,
        field=replace(fast.field, levels=(4, 8)),
        guidance=replace(fast.guidance, coarse_steps=coarse_steps),
        optimizer=replace(fast.optimizer, render_px=((0, 8), (2, 8), (3, 16)), samples=16, steps=4),
    )
    run = Optimization("a ball", "", 0, settings, prior, torch.device("cpu"))
    for _ in range(4):
        run.advance()


def test_the_first_steps_evaluate_the_coarse_model():
    prior = Recorder(16, coarse=Recorder(8))
    steps(prior, coarse_steps=3)
    assert prior.coarse.sizes == [(2, 3, 8, 8)] * 3
    assert prior.sizes == [(2, 3, 16, 16)]


def test_without_a_coarse_version_all_steps_evaluate_the_model():
    prior = Recorder(16)
    steps(prior, coarse_steps=3)
    assert prior.sizes == [(2, 3, 16, 16)] * 4
