"""Profiles one optimization step for `build.py bench`. Runs in the backend's Python."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import torch

from backend.config.presets import PRESETS
from backend.guidance import distillation
from backend.guidance.loader import load_prior
from backend.optimize import loop

WARM_STEPS, STEPS = 10, 40


def measure(prompt: str, preset: str = "fast") -> dict[str, float]:
    """Mean milliseconds per step of the preset on the CPU: its parts, and `total` for the whole step."""
    settings = PRESETS[preset]
    device = torch.device("cpu")
    if settings.optimizer.threads:
        torch.set_num_threads(settings.optimizer.threads)
    run = loop.Optimization(prompt, "", 0, settings, load_prior("builtin", device), device)
    spent: dict[str, float] = defaultdict(float)

    def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            started = time.perf_counter()
            try:
                return function(*arguments, **options)
            finally:
                spent[name] += time.perf_counter() - started

        return call

    for _ in range(WARM_STEPS):
        run.advance()
    with (
        patch.object(run.scene, "render", timed("field and render", run.scene.render)),
        patch.object(
            distillation, "distillation_gradient", timed("model with guidance", distillation.distillation_gradient)
        ),
        patch.object(torch.Tensor, "backward", timed("backward", torch.Tensor.backward)),
        patch.object(run.optimizer, "step", timed("optimizer", run.optimizer.step)),
    ):
        started = time.perf_counter()
        for _ in range(STEPS):
            run.advance()
        total = time.perf_counter() - started
    split = dict(spent)
    split["other"] = total - sum(split.values())
    return {name: round(1000 * seconds / STEPS, 2) for name, seconds in {**split, "total": total}.items()}
