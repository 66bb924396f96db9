"""Which of some named colors pixels are nearest to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..world.vocabulary import COLORS


def nearest_color(pixels: NDArray[np.float64], names: Sequence[str]) -> NDArray[np.int64]:
    """pixels [N, 3], sRGB in 0..255 -> [N], the index of the nearest of the named colors."""
    palette = 255 * np.array([COLORS[name] for name in names])
    found: NDArray[np.int64] = np.square(pixels[:, None] - palette).sum(-1).argmin(1)
    return found
