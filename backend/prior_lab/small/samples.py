"""What a small model draws by diffusers' own pipeline: a row for each kind, a column for each view that a family is told."""

from __future__ import annotations

from itertools import cycle
from pathlib import Path
from typing import Any

import torch
from PIL import Image

from ...guidance.views import VIEW_ANGLES, coarse_view
from ..captions import article
from .parts import PICTURE_PX

_COLOURS = ("red", "blue", "green", "yellow", "white", "purple")
_GUIDANCE_SCALE = 4.0


def draw_samples(pipeline: Any, kinds: tuple[str, ...], steps: int, output: Path) -> Path:
    """The kinds in changing colours; writes one PNG."""
    views = [coarse_view(*angles) for angles in VIEW_ANGLES]
    things = [article(f"{colour} {kind}") for kind, colour in zip(kinds, cycle(_COLOURS), strict=False)]
    pipeline.set_progress_bar_config(disable=True)
    drawn = pipeline(
        [f"{thing}, {view}" for thing in things for view in views],
        height=PICTURE_PX,
        width=PICTURE_PX,
        guidance_scale=_GUIDANCE_SCALE,
        num_inference_steps=steps,
        generator=torch.Generator().manual_seed(0),
        output_type="np",
    ).images
    rows = torch.from_numpy(drawn).unflatten(0, (len(things), len(views)))
    sheet = rows.permute(0, 2, 1, 3, 4).flatten(0, 1).flatten(1, 2)
    Image.fromarray((sheet * 255).round().to(torch.uint8).numpy()).save(output)
    return output
