"""Profiles one optimization step for `build.py bench`. Runs in the backend's Python."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from unittest.mock import patch

import torch

from backend.config.presets import PRESETS
from backend.guidance import distillation
from backend.guidance.base import Prior
from backend.guidance.loader import load_prior
from backend.optimize import loop

from .part_times import Clock, Parts

WARM_STEPS, STEPS, PAIRS = 20, 60, 30
MODEL = "model with guidance, in its thread"


@dataclass(frozen=True)
class StepTimes:
    """Milliseconds of a step and of its parts.

    Attributes:
        parts: means. The model works beside the other parts, so that their sum exceeds `step`.
        step: mean of the whole step.
        processor: mean processor time of the whole step, of all threads.
        pair: median of the model alone: the noise with and without the prompt, of the views of one step.
    """

    parts: dict[str, float]
    step: float
    processor: float
    pair: float

    @property
    def floor(self) -> float:
        """The step as a multiple of the model's own time."""
        return self.step / self.pair


def measure(prompt: str, preset: str = "fast") -> StepTimes:
    """Measures the preset on the CPU, halfway through a run, and then the model alone."""
    settings, device = PRESETS[preset], torch.device("cpu")
    if settings.optimizer.threads:
        torch.set_num_threads(settings.optimizer.threads)
    prior = load_prior("builtin", device)
    run = loop.Optimization(prompt, "", 0, settings, prior, device)
    parts = Parts(Clock(device))
    while run.step < max(WARM_STEPS, settings.optimizer.steps // 3):
        run.advance()
    with (
        patch.object(run.scene, "render", parts.timed("field and render", run.scene.render)),
        patch.object(run, "_penalty", parts.timed("regularizers", run._penalty)),
        patch.object(distillation, "distillation_gradient", parts.timed(MODEL, distillation.distillation_gradient)),
        patch.object(torch.Tensor, "backward", parts.timed("backward", torch.Tensor.backward)),
        patch.object(run.optimizer, "step", parts.timed("optimizer", run.optimizer.step)),
    ):
        started, processor = time.perf_counter(), time.process_time()
        for _ in range(STEPS):
            run.advance()
        processor, total = time.process_time() - processor, time.perf_counter() - started
    spent = parts.take_ms()
    # Waiting for the model, drawing views, pruning.
    spent["other"] = 1000 * total - sum(ms for name, ms in spent.items() if name != MODEL)
    each = {name: round(ms / STEPS, 2) for name, ms in spent.items()}
    step, processor = (round(1000 * seconds / STEPS, 2) for seconds in (total, processor))
    return StepTimes(each, step, processor, round(measure_pair(prior, prompt, settings.optimizer.views), 2))


@torch.no_grad()
def measure_pair(prior: Prior, prompt: str, views: int) -> float:
    """Median milliseconds of the model for `views` pictures with and without the prompt."""
    text = prior.encode_text(views * [prompt] + views * [""])
    z_t = prior.encode(torch.rand(2 * views, 3, prior.image_px, prior.image_px))
    times = torch.full((2 * views,), len(prior.alphas_cumprod) // 2)
    taken = []
    for _ in range(PAIRS):
        started = time.perf_counter()
        prior.predict_noise(z_t, times, text)
        taken.append(1000 * (time.perf_counter() - started))
    return statistics.median(taken)
