"""The judge's pictures on disk, rendered once and kept in memory while it trains."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ...contract import write_atomic
from ...prior_lab.dataset import WORLD
from ...prior_lab.kinds import KINDS
from .pictures import FIRST_SEED, Label, draw_pictures

_SEEDS = 1000  # a shard; more than there will be kinds


def render_shard(folder: Path, number: int, per_kind: int, first_seed: int = FIRST_SEED) -> Path:
    """Writes shard `number` (pictures as .npy, labels as .json) unless it is there; its path without a suffix."""
    stem = folder / f"judge-world{WORLD}-{first_seed}-{per_kind}-{number:04d}"
    if stem.with_suffix(".json").exists():
        return stem
    folder.mkdir(parents=True, exist_ok=True)
    pictures, labels = [], []
    for index, kind in enumerate(KINDS.values()):
        drawn, words = draw_pictures(kind, per_kind, first_seed + number * _SEEDS + index)
        pictures.append(drawn)
        labels += words
    with open(stem.with_suffix(".npy.tmp"), "wb") as file:
        np.save(file, torch.cat(pictures).numpy())
    stem.with_suffix(".npy.tmp").replace(stem.with_suffix(".npy"))
    # Last: its presence says that the shard is whole.
    write_atomic(stem.with_suffix(".json"), json.dumps([label.to_json() for label in labels]))
    return stem


class Pictures:
    """Shards in memory: pictures uint8 [N, H, W, 3] and their labels."""

    def __init__(self, stems: list[Path]) -> None:
        self.pixels = torch.cat([torch.from_numpy(np.load(stem.with_suffix(".npy"))) for stem in stems])
        raw = [entry for stem in stems for entry in json.loads(stem.with_suffix(".json").read_text(encoding="utf-8"))]
        self.labels = [Label.from_json(entry) for entry in raw]

    def __len__(self) -> int:
        return len(self.labels)

    def batch(self, rows: Tensor) -> tuple[Tensor, list[Label]]:
        """rows [B] -> sRGB [B, 3, H, W] in [0, 1] and the labels."""
        return self.pixels[rows].permute(0, 3, 1, 2).float() / 255, [self.labels[row] for row in rows.tolist()]


def load_pictures(
    folder: Path,
    shards: int,
    per_kind: int,
    first_seed: int = FIRST_SEED,
    tell: Callable[[int], None] = lambda done: None,
) -> Pictures:
    """Renders what is missing of `shards` shards and reads them; tells how many are there."""
    stems = []
    for number in range(shards):
        stems.append(render_shard(folder, number, per_kind, first_seed))
        tell(number + 1)
    return Pictures(stems)
