"""Points on triangles."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MAX_SAMPLES = 8_000_000


def surface_points(corners: NDArray[np.float64], spacing: float) -> NDArray[np.float32]:
    """Points [N, 3] on the triangles [F, 3, 3], no farther apart than about `spacing`, with the corners included."""
    sides = np.linalg.norm(np.roll(corners, -1, 1) - corners, axis=2).max(1)
    steps = np.maximum(1, np.ceil(sides / spacing)).astype(np.int64)
    while ((steps + 1) * (steps + 2) // 2).sum() > MAX_SAMPLES and steps.max() > 1:
        steps = np.maximum(1, steps * 3 // 4)
    parts = []
    for count in np.unique(steps):
        first, second = np.meshgrid(np.arange(count + 1), np.arange(count + 1), indexing="ij")
        inside = first + second <= count
        a, b = first[inside] / count, second[inside] / count
        weights = np.stack((1 - a - b, a, b), -1)
        parts.append(np.einsum("pk,fkc->fpc", weights, corners[steps == count]).reshape(-1, 3))
    return np.concatenate(parts).astype(np.float32)
