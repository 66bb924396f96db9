"""The conditioning of the built-in model's U-Net, in training and at inference: token states and one label vector.

The vector is added to the time embedding. It holds the view conditions as numbers: with a word for each angle, the network did
not learn azimuths from half a million pictures, and chairs looked the same from every side. (MVDream, Shi et al. 2023,
section 3.1, also adds the camera to the time embedding.)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from ..view_conditions import ViewConditions

_HARMONICS = 4  # of the azimuth; resolves turns of 45 degrees
# Balance the magnitudes of view, light and words at the start of training.
_VIEW_SCALE, _LIGHT_SCALE, _WORDS_SCALE = 4.0, 2.0, 0.5
_MIDDLE_FILL, _HALF_FILL = 0.875, 0.125
VIEW_WIDTH = 2 * 3 * (1 + 2 * _HARMONICS)
LIGHT_WIDTH = 3 + 5


def view_features(view: ViewConditions | None) -> list[float]:
    """[VIEW_WIDTH]: harmonics of the azimuth, times three functions of the elevation, times two functions of `fill`; zeros
    without a view."""
    if view is None:
        return [0.0] * VIEW_WIDTH
    around = [1.0] + [f(k * view.azimuth) for k in range(1, _HARMONICS + 1) for f in (math.cos, math.sin)]
    up = (1.0, math.sin(view.elevation), math.cos(2 * view.elevation))
    size = (1.0, 0.0 if view.fill is None else (view.fill - _MIDDLE_FILL) / _HALF_FILL)
    return [_VIEW_SCALE * a * u * s for s in size for u in up for a in around]


def light_features(view: ViewConditions | None) -> list[float]:
    """[LIGHT_WIDTH]: spherical harmonics of the light's direction up to the second order, which determine the shading of a
    matte surface (Ramamoorthi and Hanrahan 2001); zeros without a light."""
    if view is None or view.light is None:
        return [0.0] * LIGHT_WIDTH
    right, up = view.light
    x, y, z = math.sin(right) * math.cos(up), math.sin(up), math.cos(right) * math.cos(up)
    return [_LIGHT_SCALE * value for value in (x, y, z, x * y, y * z, x * z, x * x - y * y, 1.5 * z * z - 0.5)]


def label_width(text_width: int) -> int:
    return 2 * text_width + VIEW_WIDTH + LIGHT_WIDTH


def encode_captions(
    text_encoder: Any,
    tokenizer: Any,
    texts: Sequence[str],
    views: Sequence[ViewConditions | None] | None = None,
    padding: str = "max_length",
) -> tuple[Tensor, Tensor]:
    """Encodes texts and their view conditions, which are rounded.

    Args:
        padding: "longest" is faster and returns the same labels, but L varies.

    Returns:
        hidden [B, L, D], and labels [B, label_width(D)]: see `encode_tokens` and `view_labels`.
    """
    tokens = tokenizer(list(texts), padding=padding, truncation=True, return_tensors="pt").to(text_encoder.device)
    hidden, words = encode_tokens(text_encoder, tokens.input_ids, tokens.attention_mask)
    return hidden, torch.cat((words, view_labels(views or [None] * len(texts)).to(words.device)), 1)


def encode_tokens(text_encoder: Any, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
    """Returns hidden [B, L, D], and [B, 2 D]: the pooled text, and the sum of its token embeddings, which separates kinds and
    colors before the encoder is trained."""
    encoded = text_encoder(input_ids=input_ids)
    words = text_encoder.get_input_embeddings()(input_ids) * attention_mask[..., None]
    return encoded.last_hidden_state, torch.cat((encoded.pooler_output, _WORDS_SCALE * words.sum(1)), 1)


def view_labels(views: Sequence[ViewConditions | None]) -> Tensor:
    """Returns [B, VIEW_WIDTH + LIGHT_WIDTH]: the features of rounded views and lights."""
    rounded = [None if view is None else view.rounded() for view in views]
    return torch.tensor([view_features(view) + light_features(view) for view in rounded])
