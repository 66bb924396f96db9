"""The first guess of the built-in prior: the mean of all pictures that a text fits, which the U-Net is shown.

In the noisiest pictures, where score distillation decides what is where, the best answer is the mean of what the text allows.
A small network learns it from clean pictures a hundred times quicker than a U-Net does through noise, and the U-Net, who
sees it beside z_t, has only to say where the picture differs. (Regression as a condition: CARD, Han et al. 2022, section 3.)
"""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from .labels import VIEW_WIDTH

WEIGHTS, CONFIG = "model.safetensors", "config.json"


class Sketch(nn.Module):
    """Labels (see `labels`) -> the mean layer: sRGB colour times alpha, and alpha, in 2x2 blocks of pixels."""

    def __init__(self, labels: int, cells: int, channels: int = 16, width: int = 768) -> None:
        """cells: along a side of the picture. channels: of a block."""
        super().__init__()
        self.config = {"labels": labels, "cells": cells, "channels": channels, "width": width}
        self.first = nn.Linear(labels, width)
        self.gate = nn.Linear(VIEW_WIDTH, width)
        self.second = nn.Linear(width, width)
        self.last = nn.Linear(width, channels * cells * cells)

    def forward(self, labels: Tensor) -> Tensor:
        """[B, labels] -> [B, channels, cells, cells]."""
        # Where the camera is says nothing by itself: it says which side of the words' object is seen.
        hidden = nn.functional.silu(self.first(labels)) * self.gate(labels[:, -VIEW_WIDTH:])
        hidden = hidden + nn.functional.silu(self.second(hidden))
        cells, channels = self.config["cells"], self.config["channels"]
        return self.last(hidden).view(-1, channels, cells, cells)

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        save_file({name: tensor.contiguous() for name, tensor in self.state_dict().items()}, folder / WEIGHTS)
        (folder / CONFIG).write_text(json.dumps(self.config, indent=2) + "\n")

    @classmethod
    def load(cls, folder: Path, device: torch.device, dtype: torch.dtype) -> Sketch:
        sketch = cls(**json.loads((folder / CONFIG).read_text(encoding="utf-8")))
        sketch.load_state_dict(load_file(folder / WEIGHTS))
        return sketch.requires_grad_(False).eval().to(device=device, dtype=dtype)
