"""Training of the built-in model: samples per second, and rendered pictures per second."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from backend.lab.prior.mixed_adam import MixedAdam
from backend.lab.prior.model import build_scheduler
from backend.lab.prior.network import TrainableModel
from backend.lab.prior.settings import TrainSettings
from backend.lab.prior.train import prepare, training_loss
from backend.lab.world.dataset import as_stored
from backend.lab.world.kinds import KINDS
from backend.lab.world.pictures import make_batch

from ..part_times import Clock
from .memory import Peak
from .plan import Models
from .steps import ROUNDS, WARM_ROUNDS

KIND = "mushroom"


def measure(
    device: torch.device, models: Models, sizes: Sequence[int], batches: Sequence[int], rounds: int = 2 * ROUNDS
) -> dict[str, Any]:
    """Measures steps with batches of several sizes, for pictures of several sizes in pixels. Reading shards is left out."""
    found = []
    for size_px in sizes:
        clock = Clock(device)
        make_batch(KINDS[KIND], 2, 0, size_px, device)
        clock.wait()
        began = time.perf_counter()
        layers, captions = make_batch(KINDS[KIND], max(batches), 1, size_px, device)
        clock.wait()
        pictures_per_s = max(batches) / (time.perf_counter() - began)
        stored = as_stored(layers).cpu()
        for batch in batches:
            peak = Peak(device)
            ms = _step_ms(stored[:batch], captions[:batch], size_px, clock, rounds)
            samples = {"ms": round(ms, 3), "samples_per_s": round(1000 * batch / ms, 1), "memory": peak.take()}
            found.append({"px": size_px, "batch": batch, **samples, "rendered_per_s": round(pictures_per_s, 1)})
    return {"steps": found}


def _step_ms(stored: torch.Tensor, captions: list[Any], size_px: int, clock: Clock, rounds: int) -> float:
    settings = TrainSettings(Path(), Path(), picture_px=size_px)
    model = TrainableModel(size_px)
    prepare(model, clock.device)
    optimizer = MixedAdam(model.unet, settings.ema)
    alphas_cumprod = build_scheduler().alphas_cumprod.to(clock.device)
    generator = torch.Generator().manual_seed(0)
    taken = []
    for step in range(WARM_ROUNDS + rounds):
        clock.wait()
        begin = clock.now()
        training_loss(model, stored, captions, alphas_cumprod, settings, generator).backward()  # type: ignore[no-untyped-call]
        optimizer.step(settings.learning_rate, step)
        end = clock.now()
        clock.wait()
        taken.append(clock.ms(begin, end))
    return statistics.median(taken[WARM_ROUNDS:])
