"""What the judge's training can be told."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class JudgeSettings:
    """minutes bounds the processor's time of all runs together, tracing not counted: a busy machine makes the same judge,
    later. The learning rate decays towards it."""

    run: Path  # checkpoints, log and, in `model`, the result
    pictures: Path  # traced views; made first where they are missing
    start_from: Path | None = None  # a judge whose weights the first step starts from
    minutes: float = 25.0
    per_kind: int = 80  # traced views of each kind; painted anew each time that they are looked at
    held_out_per_kind: int = 16
    batch: int = 96
    learning_rate: float = 1.5e-3
    warmup_steps: int = 100
    weight_decay: float = 0.05
    ema: float = 0.998
    kept: float = 0.5  # share of a picture's patches that are looked at, until `whole_from`
    whole_from: float = 0.8  # share of the time after which pictures are looked at whole
    grid_every: int = 8  # steps between two looks at the texts of the closed question
    grid_weight: float = 1.0  # of the question "which kind in which color", beside the contrastive_loss of captions
    threads: int = 1
    device: str = "cpu"
    seed: int = 0
    checkpoint_minutes: float = 2.0
