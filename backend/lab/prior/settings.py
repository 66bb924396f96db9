"""What the built-in prior is trained with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..world.kinds import KINDS


@dataclass(frozen=True)
class TrainSettings:
    """minutes bounds the time of all runs together; the learning rate decays over its last part, so plan it."""

    run: Path  # checkpoints, log and samples
    pictures: Path  # where rendered ones are kept
    minutes: float = 80.0
    sketch_minutes: float = 20.0  # before that, for the text encoder and the sketch
    shards: int = 10  # of each kind, `dataset.PER_SHARD` pictures each; those that are missing are rendered first
    picture_px: int = 32  # a multiple of 8; 64 costs four times as much
    kinds: tuple[str, ...] = ()  # of objects that are taught; all when empty
    start_from: Path | None = None  # an exported model whose weights the first step starts from
    processes: int = 2  # on a CPU; another device has one
    batch: int = 16  # pictures a step and process
    learning_rate: float = 6e-4
    warmup_steps: int = 200
    decay_from: float = 0.6  # share of the time after which the rate falls to 2 %
    ema: float = 0.998
    caption_dropout: float = 0.1
    noisy_share: float = 0.35  # of the timesteps, from the noisiest fifth
    broad_weight: float = 4.0  # of the error's mean over blocks, beside that of pixels, see `train.broad_error`
    device: str = "cpu"
    seed: int = 0
    checkpoint_minutes: float = 5.0

    @property
    def taught(self) -> tuple[str, ...]:
        return self.kinds or tuple(KINDS)

    @property
    def model(self) -> Path:
        """The folder of the exported model."""
        return self.run / "model"

    @property
    def crew(self) -> int:
        """How many processes train."""
        return self.processes if self.device == "cpu" else 1
