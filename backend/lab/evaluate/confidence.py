"""95 % confidence intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

Z_95 = 1.959964  # 95 % of the standard normal distribution are within +- this value


def wilson_interval(right: int, total: int, z: float = Z_95) -> tuple[float, float]:
    """Wilson score interval of a binomial proportion (Wilson 1927), which is accurate near 0 and 1 and for few trials.

    `wilson_interval(9, 10)` is about (0.596, 0.982). Without trials it is (0, 1).
    """
    if total == 0:
        return 0.0, 1.0
    share, squared = right / total, z * z
    center = (share + squared / (2 * total)) / (1 + squared / total)
    half = z * math.sqrt(share * (1 - share) / total + squared / (4 * total * total)) / (1 + squared / total)
    # Guards against rounding: the interval always contains the measured share.
    return min(share, max(0.0, center - half)), max(share, min(1.0, center + half))


def bootstrap_interval(values: Sequence[float], rounds: int = 4000, seed: int = 0) -> tuple[float, float]:
    """Bootstrap interval of the mean of `values` [N] (percentiles 2.5 and 97.5). Without values it is (0, 1).

    The values must be independent: the views of one object are correlated, so a value is an object's mean over its
    views.
    """
    if not len(values):
        return 0.0, 1.0
    drawn = np.random.default_rng(seed).integers(0, len(values), (rounds, len(values)))
    means = np.asarray(values, float)[drawn].mean(1)
    low, high = np.percentile(means, (2.5, 97.5))
    return float(low), float(high)


def proportion(right: int, total: int) -> dict[str, float | int]:
    """Returns a proportion with its counts and its Wilson interval, as in the JSON files."""
    low, high = wilson_interval(right, total)
    return {
        "right": right,
        "total": total,
        "share": round(right / total, 4) if total else 0.0,
        "low": round(low, 4),
        "high": round(high, 4),
    }
