"""A step with a large model: its parts, its floor, and its memory beside the estimate."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import torch

from backend.guidance import fit
from backend.guidance.distillation import avoided_texts
from backend.optimize.loop import Optimization

from ..part_times import Clock
from .memory import Peak
from .models import random_prior
from .plan import Models
from .settings import PROMPT, settings_of
from .steps import ROUNDS, measure_parts, midway


def measure(
    device: torch.device,
    models: Models,
    model: str,
    preset: str,
    overrides: Mapping[str, Any] | None = None,
    is_offloaded: bool = False,
    rounds: int = ROUNDS,
) -> dict[str, Any]:
    """Measures steps with the preset. With `is_offloaded`, the denoiser's weights are in main memory (on a CPU, no difference).

    Raises:
        UserError, Failed: the model overflows.
    """
    peak = Peak(device)
    settings = settings_of(preset, overrides)
    guidance = settings.guidance
    prior = random_prior(model, models, device, picture_px=guidance.picture_px, is_offloaded=is_offloaded)
    settings = fit.suited(settings, prior)
    need = fit.estimate(prior, settings)
    began = time.perf_counter()
    prior.prepare(PROMPT, *avoided_texts(guidance, guidance.negative_prompt))
    texts_s, texts = time.perf_counter() - began, peak.take()
    run = Optimization(PROMPT, guidance.negative_prompt, 0, settings, prior, device)
    midway(run)
    peak.restart()
    found = measure_parts(run, prior, Clock(device), rounds)
    return {
        "model": model,
        "dtype": str(prior.dtype).removeprefix("torch."),
        "views": settings.optimizer.views,
        "render_px": settings.optimizer.render_px,
        "picture_px": prior.image_px,
        **found,
        "texts_s": round(texts_s, 2),
        "memory": {
            "texts": texts | {"estimate": need.texts},
            "steps": peak.take() | {"estimate": need.optimizing},
        },
    }
