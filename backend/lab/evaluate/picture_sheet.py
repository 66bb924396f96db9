"""Draws prompts with a diffusion model as one image: a row for each prompt, a column for each view."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor

from ...guidance.base import Prior
from ...guidance.pixels import distil_pixels
from ...guidance.view_conditions import SHADED, ViewConditions
from .sampling import draw_samples

SIDES_DEG = ((0, 15), (90, 15), (180, 15), (270, 15), (30, 70))  # azimuth, elevation
_BATCH = 16
# Function, default guidance scale, default number of steps. Ancestral sampling adds noise, so it needs more steps.
METHODS: dict[str, tuple[Callable[..., Tensor], float, int]] = {
    "ddim": (draw_samples, 4.0, 25),
    "ancestral": (partial(draw_samples, eta=1.0), 4.0, 100),
    "sds": (distil_pixels, 10.0, 300),
}


# Share of the width that the object spans; direction of the light, to the right and up.
FILL, LAMP = 0.88, (math.radians(20), math.radians(40))


def draw_sheet(
    prior: Prior,
    prompts: list[str],
    output: Path,
    method: str = "ddim",
    guidance_scale: float | None = None,
    steps: int | None = None,
    seed: int = 0,
) -> Path:
    """Draws every prompt from `SIDES_DEG` with one of `METHODS`; writes the image to `output` and returns the path."""
    sides = [(math.radians(azimuth), math.radians(elevation)) for azimuth, elevation in SIDES_DEG]
    views = [ViewConditions(*side, SHADED, FILL, LAMP) for _ in prompts for side in sides]
    repeated = [prompt for prompt in prompts for _ in sides]
    texts = [prior.view_text(prompt, view) for prompt, view in zip(repeated, views, strict=True)]
    draw, usual_scale, usual_steps = METHODS[method]
    scale, count = guidance_scale or usual_scale, steps or usual_steps
    pictures = torch.cat(
        [
            draw(
                prior,
                texts[at : at + _BATCH],
                list(range(seed + at, seed + at + len(texts[at : at + _BATCH]))),
                scale,
                steps=count,
                views=views[at : at + _BATCH],
            )
            for at in range(0, len(texts), _BATCH)
        ]
    )
    rows = pictures.view(len(prompts), len(sides), *pictures.shape[1:])
    sheet = rows.permute(0, 2, 1, 3, 4).flatten(0, 1).flatten(1, 2)
    output.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray((sheet * 255).round().to(torch.uint8).numpy()).save(output)
    return output
