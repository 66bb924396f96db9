"""Learning rate schedules over a training time."""

from __future__ import annotations

import math


def rate_at(
    progress: float, step: int, highest: float, warmup_steps: int, decay_from: float = 0.0, last: float = 0.02
) -> float:
    """Linear warm-up by steps, then constant, then a cosine decay to `last` times the highest rate.

    Args:
        progress: elapsed share of the time, 0 to 1; the decay begins at `decay_from`.
    """
    warm = min(1.0, (step + 1) / warmup_steps)
    late = min(1.0, max(0.0, (progress - decay_from) / (1 - decay_from)))
    return highest * warm * (last + (1 - last) * 0.5 * (1 + math.cos(math.pi * late)))
