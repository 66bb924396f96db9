"""Held-out pictures for measuring the judge's accuracy, from seeds that are not used in training."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor

from .gbuffer import load_gbuffer
from .images import paint_images

SEED = 60_000_000


class HeldOutImages:
    """pixels [N, 3, H, W]: 8-bit sRGB; labels: N. They are the same for every run."""

    def __init__(self, folder: Path, per_kind: int, progress: Callable[[int], None] = lambda done: None) -> None:
        views = load_gbuffer(folder, per_kind, progress, SEED)
        pictures, self.labels = paint_images(views, random.Random(SEED), torch.Generator().manual_seed(SEED))
        self.pixels = (pictures * 255).round().to(torch.uint8)

    def __len__(self) -> int:
        return len(self.labels)

    def batch(self, rows: Tensor) -> Tensor:
        """Indices [B] -> sRGB [B, 3, H, W] in [0, 1]."""
        return self.pixels[rows].float() / 255
