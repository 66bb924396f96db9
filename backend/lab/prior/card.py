"""The model card that goes with the weights: what they were trained on, how long, and what they know."""

from __future__ import annotations

from ..world.dataset import WORLD
from ..world.pictures import NAMED_ACCENT, NATURAL, QUIET, STYLE_SHARES
from ..world.vocabulary import world

_CARD = """---
license: gpl-3.0
library_name: diffusers
pipeline_tag: text-to-image
tags: [score-distillation, procedural-data]
---
# The built-in prior

A small text-conditional diffusion model of {picture_px}x{picture_px} pictures, made to guide score distillation on a machine without a GPU
and without downloads. It knows a small procedural world and nothing else.

- **Text**: transformers' `CLIPTextModel`, {text:.2f} M parameters, trained from scratch; words of the world are whole
  tokens, all others are spelled in characters. Where camera and
  lamp are ("azimuth 45 elevation 30 fill 85 light 20 40") is taken out of the text and told as numbers.
- **Sketch**: {sketch:.1f} M parameters, from text, camera and lamp to the mean of the pictures that they fit (color and silhouette),
  learned together with the text encoder by regression on clean pictures: {sketch_samples:,} samples in {sketch_minutes:.0f} minutes.
- **U-Net**: diffusers' `UNet2DConditionModel` on 2x2 blocks of pixels, {unet:.1f} M parameters, sees the noisy picture and the
  sketch, and says where v differs from its mean over pictures that are normally distributed around the sketch; attention to the words at the coarsest level, text, camera and lamp added to the time embedding. v-prediction, cosine schedule,
  1,000 steps.
- **Data**: {pictures:,} pictures that the project renders itself from signed distance functions (world {world_number}): objects with random
  proportions, cameras from -10 to 90 degrees of elevation all around, point lights, less light where less of the sky is seen, plain or softly graded backgrounds ({quiet:.0f} % of them near to gray).
  {styles}. {natural:.0f} % of the captions name no color, {accent:.0f} % a second one. No photograph, no 3D data set, no picture of anybody.
- **Training of the U-Net**: {start}{samples:,} samples in {steps:,} steps of AdamW in bfloat16, {hours:.1f} hours on {device}; caption dropout
  {dropout:.0f} %; loss at the end {loss:.4f} ({noisy:.0f} % of the timesteps drawn from the noisiest fifth; what
  is wrong with the color of whole parts counts beside the error of pixels). The weights are the moving average.
  Repeat it with `python build.py backend train-prior --output FOLDER`.

## What it knows
Kinds: {kinds}.

Colors: {colors}.

A second color for a part: {parts}.

View words: "front view", "side view", "back view", "overhead view", eight directions with five heights ("front left view from
above"), and numbers ("azimuth 45 elevation 30 fill 85 light 20 40": degrees around and up, the share of the picture in percent that a
sphere around the object spans, where the lamp stands to the right of the camera and above it). Styles: "unlit", "shaded", "clay".

## How often it draws what it is asked for
{measured}

## Limits
Words outside this list say nothing to it. So few pixels hold no fine detail. Thin parts and cavities are the hardest; the
project's README has the measured figures.
"""


def card(
    *,
    unet: int,
    text: int,
    sketch: int,
    sketch_samples: int,
    sketch_minutes: float,
    pictures: int,
    samples: int,
    steps: int,
    hours: float,
    device: str,
    dropout: float,
    noisy: float,
    loss: float,
    measured: str,
    kinds: tuple[str, ...] = (),
    picture_px: int = 64,
    is_continued: bool = False,
) -> str:
    """The card's text; parameter counts as numbers of parameters, `dropout` and `noisy` as shares,
    `measured` as Markdown."""
    known = world(kinds)
    return _CARD.format(
        unet=unet / 1e6,
        text=text / 1e6,
        sketch=sketch / 1e6,
        sketch_samples=sketch_samples,
        sketch_minutes=sketch_minutes,
        quiet=100 * QUIET,
        pictures=pictures,
        world_number=WORLD,
        styles=", ".join(f"{share:.0%} {style}" for style, share in STYLE_SHARES),
        natural=100 * NATURAL,
        accent=100 * NAMED_ACCENT,
        start="from the weights of an earlier run on, " if is_continued else "",
        samples=samples,
        steps=steps,
        hours=hours,
        device=device,
        dropout=100 * dropout,
        loss=loss,
        noisy=100 * noisy,
        measured=measured,
        kinds=", ".join(known["kinds"]),
        colors=", ".join(known["colors"]),
        parts=", ".join(known["parts"]),
        picture_px=picture_px,
    )
