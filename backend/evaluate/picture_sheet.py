"""What a prior sees in prompts, as one picture: a row for each prompt, a column for each side."""

from __future__ import annotations

import math
from pathlib import Path

import torch
from PIL import Image

from ..guidance.base import Prior
from ..guidance.pixels import distil_pixels
from .sampling import draw_samples

SIDES_DEG = ((0, 15), (90, 15), (180, 15), (270, 15), (30, 70))  # azimuth, elevation
_BATCH = 16


def draw_sheet(
    prior: Prior,
    prompts: list[str],
    output: Path,
    method: str = "ddim",
    guidance_scale: float | None = None,
    steps: int | None = None,
    seed: int = 0,
) -> Path:
    """Draws every prompt from `SIDES_DEG` by "ddim" or "sds" and writes the sheet."""
    sides = [(math.radians(azimuth), math.radians(elevation)) for azimuth, elevation in SIDES_DEG]
    texts = [prior.view_text(prompt, *side, "shaded") for prompt in prompts for side in sides]
    draw = distil_pixels if method == "sds" else draw_samples
    scale = guidance_scale or (10.0 if method == "sds" else 4.0)
    count = steps or (300 if method == "sds" else 25)
    pictures = torch.cat(
        [
            draw(
                prior,
                texts[at : at + _BATCH],
                list(range(seed + at, seed + at + len(texts[at : at + _BATCH]))),
                scale,
                steps=count,
            )
            for at in range(0, len(texts), _BATCH)
        ]
    )
    rows = pictures.view(len(prompts), len(sides), *pictures.shape[1:])
    sheet = rows.permute(0, 2, 1, 3, 4).flatten(0, 1).flatten(1, 2)
    output.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray((sheet * 255).round().to(torch.uint8).numpy()).save(output)
    return output
