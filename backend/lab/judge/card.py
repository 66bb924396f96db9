"""The judge's model card: architecture, training data and accuracy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..evaluate.markdown import format_percent, markdown_table
from ..world.vocabulary import COLORS
from .accuracy import GROUPS
from .gbuffer import STRETCH, WIDER
from .settings import JudgeSettings

_CARD = """---
license: gpl-3.0
library_name: transformers
pipeline_tag: zero-shot-image-classification
tags: [clip, procedural-data]
---
# The judge

A small image-text model with the architecture of CLIP (`CLIPModel` of transformers, {parameters:.2f} M parameters,
64x64 pixels), trained on the project's procedural world. `python build.py backend evaluate` uses it to classify
pictures of the built-in model and renders of generated objects. It needs no download.

- **Training data**: {pictures:,} ray-traced views. Each view gets new colors, materials and lights whenever it is used.
  The random seeds differ from those of the built-in model's training pictures. Proportions come from ranges that are
  {wider:.0f} % wider, and objects are stretched by up to {drawn:.0f} % along each axis. Every kind occurs in every
  color, including the pairs that are held out from the built-in model. Augmentation: blur, noise, shift, scale,
  rotation, distortion, contrast, brightness and saturation.
- **Training**: {steps:,} steps with a batch size of {batch} in {minutes:.0f} minutes on {device} ({threads} thread(s)){continued}.
  The loss is the sum of CLIP's contrastive loss and a cross entropy over {kinds} kinds in {colors} colors. The weights
  are an exponential moving average.
  To repeat it: `python build.py backend train-judge --output FOLDER`.

## Accuracy
Zero-shot classification among all kinds and colors, on {held_out} held-out pictures with other seeds, with 95 %
intervals. Textureless pictures have no color, so they do not count for color.

{table}

"plain" means one color without a material, as in the prompts of `evaluate`. Most frequent mistakes on augmented
pictures (label -> prediction): {mistakes}; {color_mistakes}.
Lowest accuracy: {hardest}.

## Limitations
The judge distinguishes only the kinds of the procedural world. It assigns one of them to any other object as well.
A picture that it classifies as a mug is not necessarily a good mug: `evaluate shapes` measures shapes.
"""


def card(
    *,
    parameters: int,
    pictures: int,
    held_out: int,
    steps: int,
    minutes: float,
    settings: JudgeSettings,
    measured: Mapping[str, Mapping[str, Any]],
) -> str:
    """Returns the model card as Markdown. measured: `accuracy.accuracy` for "as rendered" and "augmented" pictures."""
    rows = [
        [f"{group}, {condition}", *(format_percent(found[group][name]) for name in ("object", "color", "both"))]
        for group in GROUPS
        for condition, found in measured.items()
    ]
    augmented = measured["augmented"]
    mistakes, color_mistakes = (
        ", ".join(f"{pair} ({count})" for pair, count in list(augmented["mistaken"][name].items())[:5])
        for name in ("objects", "colors")
    )
    return _CARD.format(
        parameters=parameters / 1e6,
        continued=", starting from an earlier judge" if settings.start_from else "",
        pictures=pictures,
        wider=100 * (WIDER - 1),
        drawn=100 * STRETCH,
        steps=steps,
        batch=settings.batch,
        minutes=minutes,
        device=settings.device,
        threads=settings.threads,
        kinds=len(augmented["kinds"]),
        colors=len(COLORS),
        held_out=held_out,
        table=markdown_table(["pictures", "object", "color", "both"], rows),
        mistakes=mistakes or "none",
        color_mistakes=color_mistakes or "none",
        hardest=", ".join(f"{kind} ({100 * right:.0f} %)" for kind, right in list(augmented["kinds"].items())[:6]),
    )
