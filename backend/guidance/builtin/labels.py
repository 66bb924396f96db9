"""What the built-in prior's U-Net is told of a text, in training and in use alike: the states of its words, and one vector.

The vector goes into the time embedding. Angles are told there as numbers, not as words among others: with a word for each
angle, half a million pictures taught the network nothing of azimuths, and chairs came out the same from every side.
(MVDream, Shi et al. 2023, section 3.1, adds the camera to the time embedding, too.)
"""

from __future__ import annotations

import math
import re
from typing import Any

import torch
from torch import Tensor

from ..judgment import Look

_NUMBER = r"(minus \d+|\d+)"
_LOOK = re.compile(rf",? ?\bazimuth {_NUMBER} elevation {_NUMBER}(?: fill {_NUMBER})?(?: light {_NUMBER} {_NUMBER})?")
_HARMONICS = 4  # of the azimuth: a turn of 45 degrees still makes a difference
# Make the view, the light and the words about equally loud at the start of training.
_VIEW_SCALE, _LIGHT_SCALE, _WORDS_SCALE = 4.0, 2.0, 0.5
_MIDDLE_FILL, _HALF_FILL = 0.875, 0.125
VIEW_WIDTH = 2 * 3 * (1 + 2 * _HARMONICS)
LIGHT_WIDTH = 3 + 5


def split_look(text: str) -> tuple[str, Look | None]:
    """ "a chair, azimuth 45 elevation 30, clay" -> "a chair, clay" and the look, None if there is none; its style is left
    among the words. The inverse of `views.exact_view`."""
    found = _LOOK.search(text)
    if not found:
        return text, None
    numbers = [None if number is None else int(number.replace("minus ", "-")) for number in found.groups()]
    azimuth, elevation, right, up = (math.radians(numbers[index] or 0) for index in (0, 1, 3, 4))
    fill = None if numbers[2] is None else numbers[2] / 100
    look = Look(azimuth, elevation, "", fill, None if numbers[3] is None else (right, up))
    return (text[: found.start()] + text[found.end() :]).strip(" ,"), look


def view_features(look: Look | None) -> list[float]:
    """[VIEW_WIDTH]: harmonics of the azimuth, times three functions of the elevation, times two of how large the object is
    seen; zeros where no camera is named."""
    if look is None:
        return [0.0] * VIEW_WIDTH
    around = [1.0] + [f(k * look.azimuth) for k in range(1, _HARMONICS + 1) for f in (math.cos, math.sin)]
    up = (1.0, math.sin(look.elevation), math.cos(2 * look.elevation))
    size = (1.0, 0.0 if look.fill is None else (look.fill - _MIDDLE_FILL) / _HALF_FILL)
    return [_VIEW_SCALE * a * u * s for s in size for u in up for a in around]


def light_features(look: Look | None) -> list[float]:
    """[LIGHT_WIDTH]: where the lamp stands, in the spherical harmonics up to the second order, of which the shading of a
    matte surface is made (Ramamoorthi and Hanrahan 2001); zeros where no lamp is named."""
    if look is None or look.light is None:
        return [0.0] * LIGHT_WIDTH
    right, up = look.light
    x, y, z = math.sin(right) * math.cos(up), math.sin(up), math.cos(right) * math.cos(up)
    return [_LIGHT_SCALE * value for value in (x, y, z, x * y, y * z, x * z, x * x - y * y, 1.5 * z * z - 0.5)]


def label_width(text_width: int) -> int:
    return 2 * text_width + VIEW_WIDTH + LIGHT_WIDTH


def describe(text_encoder: Any, tokenizer: Any, texts: list[str], padding: str = "max_length") -> tuple[Tensor, Tensor]:
    """hidden [B, L, D], and labels [B, label_width(D)]: the pooled text, the sum of its words' embeddings (which tells kinds
    and colors before the encoder has learned to), and where camera and lamp are. padding: "longest" is quicker and gives the same
    labels, but not the same L each time."""
    split = [split_look(text) for text in texts]
    tokens = tokenizer([words for words, _ in split], padding=padding, truncation=True, return_tensors="pt")
    tokens = tokens.to(text_encoder.device)
    encoded = text_encoder(input_ids=tokens.input_ids)
    words = text_encoder.get_input_embeddings()(tokens.input_ids) * tokens.attention_mask[..., None]
    numbers = [view_features(look) + light_features(look) for _, look in split]
    told = torch.tensor(numbers, device=text_encoder.device)
    return encoded.last_hidden_state, torch.cat((encoded.pooler_output, _WORDS_SCALE * words.sum(1), told), 1)
