"""Smooths a density before its surface is extracted.

Bumps of a few voxels are noise of the optimization, because its small pictures do not determine them. The samples of the level function
are blurred and interpolated by a cubic B-spline. The spline has continuous curvature, whereas trilinear interpolation has creases at
the voxels.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, map_coordinates

from .marching import Density
from .topology import Array

STEEPEST = 0.95  # least distance of the level function from -1 and 1, where the density would be infinite
_SHARPNESS = 0.5  # of the level function; at 1 it is that of `marching`


def smoothed(volume: NDArray[np.float32], bound: float, iso: float, blur: float) -> Density:
    """Returns a density whose surface at `iso` is a smoothed one of the samples.

    Args:
        volume: densities at x, y, z = -bound .. bound, both ends included, [G, G, G].
        iso: density at the surface, per unit of length.
        blur: standard deviation of the Gaussian, samples.
    """
    # Saturates on both sides, so that a flat surface stays in its place however the densities differ.
    ratio = (np.maximum(volume, 1e-12) / iso) ** _SHARPNESS
    level = gaussian_filter((ratio - 1) / (ratio + 1), blur, mode="constant", cval=-1.0)
    scale = (len(volume) - 1) / (2 * bound)

    def density(points: Array) -> NDArray[np.float32]:
        s = map_coordinates(level, ((points + bound) * scale).T, order=3, mode="constant", cval=-1.0, prefilter=False)
        s = s.clip(-STEEPEST, STEEPEST)
        return (iso * (1 + s) / (1 - s)).astype(np.float32)

    return density
