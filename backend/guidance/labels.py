"""What the built-in prior's U-Net is told of a text, in training and in use alike: the states of its words, and one vector.

The vector goes into the time embedding. An angle is told there as numbers, not as a word among others: with a word for each
angle, half a million pictures taught the network nothing of azimuths, and chairs came out the same from every side.
(MVDream, Shi et al. 2023, section 3.1, adds the camera to the time embedding, too.)
"""

from __future__ import annotations

import math
import re
from typing import Any

import torch
from torch import Tensor

_ANGLES = re.compile(r",? ?\bazimuth (\d+) elevation (minus )?(\d+)")
_HARMONICS = 4  # of the azimuth: a turn of 45 degrees still makes a difference
# Make the angles and the words equally loud at the start of training.
_ANGLES_SCALE, _WORDS_SCALE = 4.0, 0.5
VIEW_WIDTH = 3 * (1 + 2 * _HARMONICS)


def split_angles(text: str) -> tuple[str, tuple[float, float] | None]:
    """ "a chair, azimuth 45 elevation 30, clay" -> "a chair, clay" and the angles in radians, None if there are none."""
    found = _ANGLES.search(text)
    if not found:
        return text, None
    azimuth, below, elevation = found.groups()
    angles = math.radians(int(azimuth)), math.radians(-int(elevation) if below else int(elevation))
    return (text[: found.start()] + text[found.end() :]).strip(" ,"), angles


def view_features(angles: tuple[float, float] | None) -> list[float]:
    """[VIEW_WIDTH]: harmonics of the azimuth times three functions of the elevation; zeros where no camera is named."""
    if angles is None:
        return [0.0] * VIEW_WIDTH
    azimuth, elevation = angles
    around = [1.0] + [f(k * azimuth) for k in range(1, _HARMONICS + 1) for f in (math.cos, math.sin)]
    up = (1.0, math.sin(elevation), math.cos(2 * elevation))
    return [_ANGLES_SCALE * a * u for u in up for a in around]


def label_width(text_width: int) -> int:
    return 2 * text_width + VIEW_WIDTH


def describe(text_encoder: Any, tokenizer: Any, texts: list[str], padding: str = "max_length") -> tuple[Tensor, Tensor]:
    """hidden [B, L, D], and labels [B, label_width(D)]: the pooled text, the sum of its words' embeddings (which tells kinds
    and colours before the encoder has learnt to), and where the camera is. padding: "longest" is quicker and gives the same
    labels, but not the same L each time."""
    split = [split_angles(text) for text in texts]
    tokens = tokenizer([words for words, _ in split], padding=padding, truncation=True, return_tensors="pt")
    tokens = tokens.to(text_encoder.device)
    encoded = text_encoder(input_ids=tokens.input_ids)
    words = text_encoder.get_input_embeddings()(tokens.input_ids) * tokens.attention_mask[..., None]
    view = torch.tensor([view_features(angles) for _, angles in split], device=text_encoder.device)
    return encoded.last_hidden_state, torch.cat((encoded.pooler_output, _WORDS_SCALE * words.sum(1), view), 1)
