"""The card that goes with the judge: what it is, what it was trained on, and how often it is right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..evaluate.markdown import format_percent, markdown_table
from ..world.vocabulary import COLORS
from .accuracy import GROUPS
from .gbuffer import DRAWN_OUT, WIDER
from .settings import JudgeSettings

_CARD = """---
license: gpl-3.0
library_name: transformers
pipeline_tag: zero-shot-image-classification
tags: [clip, procedural-data]
---
# The judge

A small image-text model of CLIP's form (transformers' `CLIPModel`, {parameters:.2f} M parameters, 64x64 pixels) that knows the
project's procedural world. `python build.py backend evaluate` asks it what the built-in prior has drawn and what jobs have
made, on a machine without downloads.

- **Data**: {pictures:,} views that the project traces itself, painted and lit anew each time, from other random seeds than the prior's pictures, with proportions
  from ranges {wider:.0f} % wider and drawn out by up to {drawn:.0f} % along each axis, in every color on every kind (also those that the
  prior never sees), and disturbed while training: blurred, noisy, shifted, scaled, dented, with other contrasts and saturations.
- **Training**: {continued}{steps:,} steps of {batch} pictures in {minutes:.0f} minutes on {device}, {threads} thread(s). CLIP's contrastive_loss of pictures and captions, and the
  closed question which of {kinds} kinds it is in which of {colors} colors. The weights are the moving average.
  Repeat it with `python build.py backend train-judge --output FOLDER`.

## How often it is right
Zero-shot among all kinds and all colors, on {held_out} held-out pictures (other seeds again), with 95 % intervals. Clay shows no
color, so color is counted on the other pictures.

{table}

"plain": one color all over, as `evaluate` asks for it. Most frequent mistakes on disturbed pictures: {mistakes}; {color_mistakes}.
It finds these kinds hardest: {hardest}.

## Limits
It tells the kinds of this world from each other, and nothing else: of an object that is none of them it still names one.
A picture that it takes for a mug need not be a good mug. Shapes are measured with `evaluate shapes`.
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
    """The card's text. measured: by name of the condition, what `accuracy.accuracy` found."""
    rows = [
        [f"{group}, {condition}", *(format_percent(found[group][name]) for name in ("object", "color", "both"))]
        for group in GROUPS
        for condition, found in measured.items()
    ]
    disturbed = measured["disturbed"]
    mistakes, color_mistakes = (
        ", ".join(f"{pair} ({count})" for pair, count in list(disturbed["mistaken"][name].items())[:5])
        for name in ("objects", "colors")
    )
    return _CARD.format(
        parameters=parameters / 1e6,
        continued="from the weights of an earlier judge on, " if settings.start_from else "",
        pictures=pictures,
        wider=100 * (WIDER - 1),
        drawn=100 * DRAWN_OUT,
        steps=steps,
        batch=settings.batch,
        minutes=minutes,
        device=settings.device,
        threads=settings.threads,
        kinds=len(disturbed["kinds"]),
        colors=len(COLORS),
        held_out=held_out,
        table=markdown_table(["pictures", "object", "color", "both"], rows),
        mistakes=mistakes or "none",
        color_mistakes=color_mistakes or "none",
        hardest=", ".join(f"{kind} ({100 * right:.0f} %)" for kind, right in list(disturbed["kinds"].items())[:6]),
    )
