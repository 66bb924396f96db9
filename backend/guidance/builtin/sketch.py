"""The sketch of the built-in model: a small network that predicts the mean of all pictures for a caption.

At high noise, where score distillation determines the layout, the optimal prediction is the mean over the pictures that match the
text. A small network learns this mean from clean pictures a hundred times faster than a U-Net does from noisy ones. The U-Net
takes it beside z_t and predicts only the difference. (Conditioning on a regression: CARD, Han et al. 2022, section 3.)

The U-Net's output is added to `expected_velocity`, which follows from the sketch and z_t alone: the network's normalization layers
shift colors and turn noise into a grid pattern. (EDM, Karras et al. 2022, section 5, does the same around a mean of zero.)
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn.functional import pixel_shuffle, silu

from .labels import LIGHT_WIDTH, VIEW_WIDTH

WEIGHTS, CONFIG = "model.safetensors", "config.json"


# The attribute names of the networks are keys of the shipped weights.
class _Block(nn.Module):
    """A residual block of two convolutions, modulated by the labels (FiLM, Perez et al. 2018)."""

    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(8, channels)
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.told = nn.Linear(width, 2 * channels)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        nn.init.zeros_(self.told.weight)
        nn.init.zeros_(self.told.bias)

    def forward(self, x: Tensor, hidden: Tensor) -> Tensor:
        scale, shift = self.told(hidden)[..., None, None].chunk(2, 1)
        return x + self.second(silu(self.norm(self.first(silu(x))) * (1 + scale) + shift))


class Sketch(nn.Module):
    """Labels (see `labels`) -> the mean layer: sRGB color times alpha, and alpha, in 2x2 blocks of pixels.

    Fully connected layers predict a coarse layout, convolutions refine it. Without the convolutions, training is half as efficient
    and the output has ripples around objects.
    """

    def __init__(
        self, labels: int, cells: int, channels: int = 16, width: int = 640, inner: int = 48, *, spread: float
    ) -> None:
        """cells: blocks along a side of the picture. channels: of a block. spread: variance of pictures around their sketch."""
        super().__init__()
        self.config: dict[str, Any] = {
            "labels": labels,
            "cells": cells,
            "channels": channels,
            "width": width,
            "inner": inner,
            "spread": spread,
        }
        self.first = nn.Linear(labels, width)
        self.gate = nn.Linear(VIEW_WIDTH, width)
        self.second = nn.Linear(width, width)
        self.light = nn.Linear(LIGHT_WIDTH, width)
        self.norm = nn.LayerNorm(width)
        self.third = nn.Linear(width, width)
        self.again = nn.Linear(VIEW_WIDTH, width)
        self.lay_out = nn.Linear(width, inner * (cells // 2) ** 2)
        self.coarse = _Block(inner, width)
        self.finer = nn.Conv2d(inner, 4 * inner, 1)
        self.fine = nn.ModuleList(_Block(inner, width) for _ in range(2))
        self.last = nn.Conv2d(inner, channels, 3, padding=1)

    def forward(self, labels: Tensor) -> Tensor:
        """[B, labels] -> [B, channels, cells, cells]."""
        # The view selects the visible side of the object, so it gates the text features.
        view, light = labels[:, -VIEW_WIDTH - LIGHT_WIDTH :].split((VIEW_WIDTH, LIGHT_WIDTH), 1)
        hidden = silu(self.first(labels)) * self.gate(view)
        # The light scales the brightness of that side.
        hidden = hidden + silu(self.second(hidden)) * (1 + self.light(light))
        hidden = hidden + silu(self.third(self.norm(hidden))) * (1 + self.again(view))
        half = self.config["cells"] // 2
        x = self.lay_out(hidden).view(-1, self.config["inner"], half, half)
        x = pixel_shuffle(self.finer(self.coarse(x.contiguous(memory_format=torch.channels_last), hidden)), 2)
        for block in self.fine:
            x = block(x, hidden)
        drawn: Tensor = self.last(silu(x))
        return drawn

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        save_file({name: tensor.contiguous() for name, tensor in self.state_dict().items()}, folder / WEIGHTS)
        (folder / CONFIG).write_text(json.dumps(self.config, indent=2) + "\n")

    @classmethod
    def load(cls, folder: Path, device: torch.device, dtype: torch.dtype) -> Sketch:
        sketch = cls(**json.loads((folder / CONFIG).read_text(encoding="utf-8")))
        sketch.load_state_dict(load_file(folder / WEIGHTS))
        return sketch.requires_grad_(False).eval().to(device=device, dtype=dtype)


def expected_velocity(drawn: Tensor, z_t: Tensor, alphas_cumprod: Tensor, spread: float) -> Tensor:
    """Returns the expected v, alpha noise - sigma x, for pictures that are independently normally distributed around their sketch
    on gray; x is the mean given z_t. drawn: output of a `Sketch`, [B, 16, H, W]; z_t: [B, 12, H, W]."""
    color, opacity = drawn[:, :12], drawn[:, 12:].repeat(1, 3, 1, 1)
    mean = color + (1 - opacity) / 2
    alpha, sigma = alphas_cumprod.sqrt(), (1 - alphas_cumprod).sqrt()
    variance = alphas_cumprod * spread + 1 - alphas_cumprod  # of z_t
    return sigma * (alpha * (1 - spread) * z_t - mean) / variance


def predict_velocity(
    unet: Any, sketch: Sketch, z_t: Tensor, t: Tensor, alphas_cumprod: Tensor, hidden: Tensor, labels: Tensor
) -> Tensor:
    """Predicts v, float32 [B, 12, H, W], in training and at inference.

    The sketch is trained beforehand and gets no gradient.

    Args:
        alphas_cumprod: of t, [B, 1, 1, 1].
        hidden, labels: see `labels.encode_captions`.
    """
    with torch.no_grad():
        drawn = sketch(labels.to(sketch.last.weight.dtype)).float()
    inputs = torch.cat((z_t, drawn), 1).to(unet.dtype, memory_format=torch.channels_last)
    residual = unet(inputs, t, hidden.to(unet.dtype), class_labels=labels.to(unet.dtype)).sample.float()
    return residual + expected_velocity(drawn, z_t.float(), alphas_cumprod, sketch.config["spread"])
