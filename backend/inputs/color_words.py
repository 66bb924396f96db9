"""Color words, and the one that names the color of an image."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..prompts.reading import read_prompt
from ..prompts.vocabulary import Vocabulary

# sRGB of the colors of the procedural world.
COLORS: dict[str, tuple[float, float, float]] = {
    "red": (0.85, 0.10, 0.10),
    "orange": (0.95, 0.50, 0.08),
    "yellow": (0.95, 0.85, 0.12),
    "lime": (0.65, 0.90, 0.15),
    "green": (0.12, 0.60, 0.18),
    "teal": (0.08, 0.60, 0.60),
    "blue": (0.15, 0.30, 0.90),
    "navy": (0.08, 0.10, 0.42),
    "purple": (0.52, 0.16, 0.72),
    "pink": (0.96, 0.58, 0.74),
    "brown": (0.45, 0.26, 0.12),
    "beige": (0.86, 0.76, 0.58),
    "white": (0.94, 0.94, 0.94),
    "gray": (0.52, 0.52, 0.52),
    "black": (0.08, 0.08, 0.08),
    "gold": (0.83, 0.66, 0.20),
}
LIGHTNESS_WEIGHT = 0.5  # images are shaded, so that hues count more
_TO_XYZ = np.array([(0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505)])
_WHITE = np.array([0.9505, 1.0, 1.089])

Floats = NDArray[np.floating]


def missing_color(prompt: str, vocabulary: Vocabulary, pixels: Floats) -> str:
    """The word for the most frequent color of pixels [N, 3] (sRGB, 0 to 1). Empty if the prompt names a color, or has no object."""
    reading = read_prompt(prompt, vocabulary)
    known = [word for word in COLORS if word in vocabulary.colors]
    if not reading.head or not known or not len(pixels) or set(reading.text.split()) & set(vocabulary.colors):
        return ""
    palette = _lab(np.array([COLORS[word] for word in known]))
    nearest = np.square(_lab(pixels)[:, None] - palette).sum(-1).argmin(1)
    return known[int(np.bincount(nearest, minlength=len(known)).argmax())]


def _lab(srgb: Floats) -> Floats:
    """CIE L*a*b* of colors [N, 3], with the lightness weighted."""
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((np.maximum(srgb, 0) + 0.055) / 1.055) ** 2.4)
    ratio = linear @ _TO_XYZ.T / _WHITE
    x, y, z = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116).T
    return np.stack((LIGHTNESS_WEIGHT * (116 * y - 16), 500 * (x - y), 200 * (y - z)), -1)
