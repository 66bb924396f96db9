"""Renders that the judge is never trained on, and what they show. Traced and painted from other seeds again."""

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
    """pixels: uint8 sRGB [N, 3, H, W], and their labels; the same ones every time."""

    def __init__(self, folder: Path, per_kind: int, tell: Callable[[int], None] = lambda done: None) -> None:
        views = load_gbuffer(folder, per_kind, tell, SEED)
        pictures, self.labels = paint_images(views, random.Random(SEED), torch.Generator().manual_seed(SEED))
        self.pixels = (pictures * 255).round().to(torch.uint8)

    def __len__(self) -> int:
        return len(self.labels)

    def pictures(self, rows: Tensor) -> Tensor:
        """rows [B] -> sRGB [B, 3, H, W] in [0, 1]."""
        return self.pixels[rows].float() / 255
