"""Steps under torchrun on all cards, beside one card with the same views."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import torch

from backend.guidance import fit
from backend.guidance.distillation import avoided_texts
from backend.optimize import parallel
from backend.optimize.loop import Optimization

from ..common import REPO, Failed, last_lines
from ..part_times import Clock
from .models import random_prior
from .plan import Models
from .settings import PROMPT, settings_of
from .steps import ROUNDS, measure_whole, midway

ON_A_CPU = 2  # processes
VIEWS_PER_CARD = 2
TORCHRUN = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node")


def measure(
    device: torch.device,
    models: Models,
    model: str,
    preset: str,
    overrides: Mapping[str, Any] | None = None,
    rounds: int = ROUNDS,
) -> dict[str, Any]:
    """Measures a step with two views for each card, in one process and in one process for each card.

    With a single card, there is only a reason in "skipped".

    Raises:
        Failed: torchrun failed.
    """
    count = torch.cuda.device_count() if device.type == "cuda" else ON_A_CPU
    if count < 2:
        return {"skipped": "there is one card"}
    views = VIEWS_PER_CARD * count
    what = {"model": model, "preset": preset, "overrides": {**(overrides or {}), "optimizer.views": views}}
    arguments = ["-m", "tools.gpu.cards", json.dumps(what | {"rounds": rounds}), str(device), models]
    one, all_cards = (_run([sys.executable, *start, *arguments]) for start in ((), (*TORCHRUN, str(count))))
    return {
        "cards": count,
        "views": views,
        "one_card_ms": round(one, 3),
        "all_cards_ms": round(all_cards, 3),
        "speedup": round(one / all_cards, 2),
    }


def _run(command: list[str]) -> float:
    done = subprocess.run(command, cwd=REPO, capture_output=True, text=True)
    lines = [line for line in done.stdout.splitlines() if line.startswith("ms ")]
    if done.returncode or not lines:
        raise Failed(f"{' '.join(command[1:4])} failed (exit status {done.returncode}):\n{last_lines(done.stderr)}")
    return float(lines[-1].split()[1])


def rank(
    device: torch.device, models: Models, model: str, preset: str, overrides: Mapping[str, Any], rounds: int
) -> None:
    """Takes part in the steps of all processes. The first one prints the milliseconds of a step."""
    number = parallel.init(device)
    device = parallel.rank_device(device)
    if device.type == "cuda":
        torch.cuda.set_device(device)
    settings = settings_of(preset, overrides)
    guidance = settings.guidance
    prior = random_prior(model, models, device, picture_px=guidance.picture_px)
    prior.prepare(PROMPT, *avoided_texts(guidance, guidance.negative_prompt))
    run = Optimization(PROMPT, guidance.negative_prompt, 0, fit.suited(settings, prior), prior, device)
    midway(run)
    ms = measure_whole(run, Clock(device), rounds)
    if number == 0:
        print(f"ms {ms}", flush=True)
    parallel.shutdown()


if __name__ == "__main__":
    rank(torch.device(sys.argv[2]), sys.argv[3], **json.loads(sys.argv[1]))  # type: ignore[arg-type]
