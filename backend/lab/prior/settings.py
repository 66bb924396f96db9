"""Training settings of the built-in model."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..world.kinds import KINDS


@dataclass(frozen=True)
class TrainSettings:
    """`minutes` is the total time of a run, with all resumptions. The learning rate decays over the last part of it."""

    run: Path  # checkpoints, log and samples
    pictures: Path  # folder of the rendered pictures
    minutes: float = 80.0
    sketch_minutes: float = 20.0  # additional, for the text encoder and the sketch
    sketch_rate: float = 1e-3  # learning rate of the sketch
    text_rate: float = 1e-3  # of the text encoder; lower after `start_from`, because the U-Net relies on it
    shards: int = 10  # per kind, of `dataset.PER_SHARD` pictures; missing ones are rendered first
    picture_px: int = 32  # a multiple of 8; 64 costs four times as much
    kinds: tuple[str, ...] = ()  # of objects; empty: all
    start_from: Path | None = None  # an exported model with the initial weights
    processes: int = 2  # on a CPU; one on other devices
    batch: int = 16  # pictures per step and process
    learning_rate: float = 6e-4
    warmup_steps: int = 200
    decay_from: float = 0.6  # share of the time after which the rate decays to 2 %
    ema: float = 0.998
    caption_dropout: float = 0.1
    noisy_share: float = 0.35  # of the timesteps that are drawn from the noisiest fifth
    broad_weight: float = 4.0  # of `train.broad_error` in the loss
    device: str = "cpu"
    seed: int = 0
    checkpoint_minutes: float = 5.0

    @property
    def trained_kinds(self) -> tuple[str, ...]:
        return self.kinds or tuple(KINDS)

    @property
    def model(self) -> Path:
        """The folder of the exported model."""
        return self.run / "model"

    @property
    def world_size(self) -> int:
        """The number of training processes."""
        return self.processes if self.device == "cpu" else 1
