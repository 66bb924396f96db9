"""The preset `fast` with the built-in model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import torch

from backend.config.settings import Settings
from backend.guidance.builtin.prior import PixelPrior
from backend.guidance.loader import load_prior
from backend.optimize.loop import Optimization

from ..part_times import Clock
from .memory import Peak
from .plan import Models
from .settings import PROMPT, settings_of
from .steps import ROUNDS, measure_parts, measure_whole, midway


def measure(
    device: torch.device, models: Models, overrides: Mapping[str, Any] | None = None, rounds: int = 3 * ROUNDS
) -> dict[str, Any]:
    """Measures a step as in jobs, where the model works beside the renderer, and the parts of one without this overlap."""
    settings = settings_of("fast", overrides)
    if settings.optimizer.threads:
        torch.set_num_threads(settings.optimizer.threads)
    clock, peak = Clock(device), Peak(device)
    prior = load_prior("builtin", device)
    as_in_jobs = measure_whole(_run(settings, prior, device), clock, rounds)
    apart = replace(settings, optimizer=replace(settings.optimizer, overlap=False))
    found = measure_parts(_run(apart, prior, device), prior, clock, rounds)
    return {
        "dtype": str(prior.dtype).removeprefix("torch."),
        "overlapped_step_ms": round(as_in_jobs, 3),
        **found,
        "job_steps_s": round(as_in_jobs * settings.optimizer.steps / 1000, 2),
        "memory": {"steps": peak.take()},
    }


def _run(settings: Settings, prior: PixelPrior, device: torch.device) -> Optimization:
    run = Optimization(PROMPT, "", 0, settings, prior, device)
    midway(run)
    return run
