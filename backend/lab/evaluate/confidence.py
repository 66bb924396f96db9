"""How sure a measured share is: 95 % intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

Z_95 = 1.959964  # of the normal distribution: 95 % lie within


def wilson_interval(right: int, total: int, z: float = Z_95) -> tuple[float, float]:
    """Wilson's score interval of a share of independent trials (Wilson 1927): sensible near 0 and 1 and for few trials.

    `wilson_interval(9, 10)` -> about (0.596, 0.982). Nothing is known of no trials: (0, 1).
    """
    if total == 0:
        return 0.0, 1.0
    share, squared = right / total, z * z
    middle = (share + squared / (2 * total)) / (1 + squared / total)
    half = z * math.sqrt(share * (1 - share) / total + squared / (4 * total * total)) / (1 + squared / total)
    # Rounding must not leave the measured share outside of its own interval.
    return min(share, max(0.0, middle - half)), max(share, min(1.0, middle + half))


def bootstrap_interval(values: Sequence[float], rounds: int = 4000, seed: int = 0) -> tuple[float, float]:
    """Interval of the mean of `values` [N] by drawing them again (percentiles 2.5 and 97.5).

    For what is not a single right or wrong: an object's views stand and fall together, so a value here is one object's
    mean over its views and not a view.
    """
    if not len(values):
        return 0.0, 1.0
    drawn = np.random.default_rng(seed).integers(0, len(values), (rounds, len(values)))
    means = np.asarray(values, float)[drawn].mean(1)
    low, high = np.percentile(means, (2.5, 97.5))
    return float(low), float(high)


def proportion(right: int, total: int) -> dict[str, float | int]:
    """A share with its interval, as the JSON files hold it."""
    low, high = wilson_interval(right, total)
    return {
        "right": right,
        "total": total,
        "share": round(right / total, 4) if total else 0.0,
        "low": round(low, 4),
        "high": round(high, 4),
    }
