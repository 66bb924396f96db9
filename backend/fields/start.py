"""The initial density of an object that starts from a given mesh, and how far it may change."""

from __future__ import annotations

import math
from dataclasses import dataclass

from torch import Tensor

NEAREST, FARTHEST = (
    0.002,
    0.3,
)  # length: how far the surface may move with the smallest, and with the largest freedom below 1
TIGHTEST, LOOSEST = 0.012, 0.12  # length: standard deviation of the falloff outside of the mesh
SOLID, HINT = 25.0, 3.0  # initial density inside of the mesh, per unit of length
SURFACE = 20.0  # density at the surface of a bound, about what meshes are extracted at
# Of the logarithm of the density, per unit of length: steep, but with values between the extremes in the voxels beside the
# surface, so that it lies between these voxels where the mesh does.
SLOPE = 200.0
EMPTY, FULL = math.log(1e-4), 5.0  # logarithms of densities


@dataclass(frozen=True)
class Start:
    """Logarithms of densities [D, H, W] (z, y, x): the initial one, and the bounds between which it stays, if there are any."""

    initial: Tensor
    lowest: Tensor | None = None
    highest: Tensor | None = None


def start_of(distance: Tensor, freedom: float) -> Start:
    """The start of a field.

    The surface can move within a band around that of the mesh, which is as wide as the freedom. With a freedom of 1 there are no
    bounds, only the initial density.

    Args:
        distance: signed distance to the mesh, negative inside, [D, H, W].
        freedom: see `StartSettings`.
    """
    density = SOLID * (HINT / SOLID) ** freedom
    falloff = TIGHTEST * (LOOSEST / TIGHTEST) ** freedom
    initial = math.log(density) - distance.clamp_min(0).square() / (2 * falloff**2)
    initial = initial.clamp_min(EMPTY)  # the optimization must be able to add matter
    if freedom >= 1:
        return Start(initial)
    band = NEAREST + (FARTHEST - NEAREST) * freedom
    return Start(initial, _solid_within(distance + band), _solid_within(distance - band))


def _solid_within(distance: Tensor) -> Tensor:
    """The logarithm of the density of a solid with this signed distance."""
    return (math.log(SURFACE) - SLOPE * distance).clamp(EMPTY, FULL)
