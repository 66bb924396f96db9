"""Settings of the judge's training."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class JudgeSettings:
    """Settings of the judge's training, for `train-judge --set`."""

    run: Path  # folder for checkpoints, the log and the trained model (in `model`)
    pictures: Path  # folder of traced views, which are traced first if missing
    start_from: Path | None = None  # folder of a judge whose weights are the initial weights
    # CPU time of all runs, without tracing, so that the result does not depend on the load of the machine. The learning
    # rate decays toward its end.
    minutes: float = 25.0
    per_kind: int = 80  # traced views per kind, shaded differently in every use
    held_out_per_kind: int = 16
    batch: int = 96
    learning_rate: float = 1.5e-3
    warmup_steps: int = 100
    weight_decay: float = 0.05
    ema: float = 0.998
    kept: float = 0.5  # share of the patches that are used until `whole_from`
    whole_from: float = 0.8  # share of the time after which all patches are used
    grid_every: int = 8  # steps between updates of the text features of the classification loss
    grid_weight: float = 1.0  # weight of the classification loss, relative to the contrastive loss
    threads: int = 1
    device: str = "cpu"
    seed: int = 0
    checkpoint_minutes: float = 2.0
