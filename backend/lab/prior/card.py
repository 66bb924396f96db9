"""The model card: data, training, vocabulary and results."""

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
# The built-in model

A small text-conditional diffusion model for {picture_px}x{picture_px} pictures. It guides score distillation without a GPU and without
downloads. It is trained on a small procedural world only.

- **Text encoder**: transformers' `CLIPTextModel`, {text:.2f} M parameters, trained from scratch. Words of the world are single tokens;
  other words are split into characters. Camera and light are separate numeric inputs, not part of the text.
- **Sketch**: {sketch:.1f} M parameters. It predicts the mean of all pictures (color and silhouette) for a text, camera and light. It is
  trained together with the text encoder by regression on clean pictures: {sketch_samples:,} samples in {sketch_minutes:.0f} minutes.
- **U-Net**: diffusers' `UNet2DConditionModel` on 2x2 blocks of pixels, {unet:.1f} M parameters. It takes the noisy picture and the sketch,
  and predicts the difference between v and its mean over pictures that are normally distributed around the sketch. It has
  cross-attention to the text at the coarsest level; text, camera and light are added to the time embedding. v-prediction, cosine
  schedule, 1,000 steps.
- **Data**: {pictures:,} pictures rendered by the project from signed distance functions (world {world_number}): objects with random
  proportions, cameras from -10 to 90 degrees of elevation and any azimuth, point lights, ambient occlusion, plain or softly graded
  backgrounds ({quiet:.0f} % of them close to gray). {styles}. {natural:.0f} % of the captions name no color, {accent:.0f} % a second one.
  No photographs, no 3D data sets, no pictures of people.
- **Training of the U-Net**: {start}{samples:,} samples in {steps:,} steps of AdamW in bfloat16, {hours:.1f} hours on {device}; caption
  dropout {dropout:.0f} %, with the color channels of these pictures in random order; final loss {loss:.4f} ({noisy:.0f} % of the timesteps are drawn from the noisiest fifth; the loss includes an error
  averaged over blocks of pixels). The weights are the exponential moving average.
  Repeat it with `python build.py backend train-prior --output FOLDER`.

## Vocabulary
Kinds: {kinds}.

Colors: {colors}.

A second color for a part: {parts}.

View words: "front view", "side view", "back view", "overhead view", and eight directions with five heights ("front left view from
above"). View conditions: azimuth and elevation of the camera, the share of the picture's width that the object's bounding sphere spans,
and the direction of the light to the right of the camera and above it. Styles: "unlit", "shaded", "clay".

## Evaluation
{measured}

## Limitations
Words outside this vocabulary have no effect. The resolution is too low for fine detail. Thin parts and cavities are the most
difficult; the project's README lists the measured results.
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
    """Returns the text of the card.

    Args:
        unet, text, sketch: parameter counts.
        dropout, noisy: as shares.
        measured: results in Markdown.
    """
    vocabulary = world(kinds)
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
        start="starting from the weights of an earlier run, " if is_continued else "",
        samples=samples,
        steps=steps,
        hours=hours,
        device=device,
        dropout=100 * dropout,
        loss=loss,
        noisy=100 * noisy,
        measured=measured,
        kinds=", ".join(vocabulary["kinds"]),
        colors=", ".join(vocabulary["colors"]),
        parts=", ".join(vocabulary["parts"]),
        picture_px=picture_px,
    )
