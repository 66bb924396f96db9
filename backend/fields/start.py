"""The initial density of an object that starts from a given mesh."""

from __future__ import annotations

import math

from torch import Tensor

FARTHEST = 0.3  # length: how far the surface may move with the largest freedom below 1
TIGHTEST, LOOSEST = 0.012, 0.12  # length: standard deviation of the falloff outside of the mesh
SOLID, HINT = 25.0, 3.0  # density inside of the mesh, per unit of length
WALL = 0.03  # length over which density becomes impossible, or certain
IMPOSSIBLE, CERTAIN = 20.0, 4.0  # of the logarithm of the density


def log_density(distance: Tensor, freedom: float) -> Tensor:
    """The logarithm of the initial density, which the optimization adds to.

    The surface can move within a band around that of the mesh. Beyond the band, density outside cannot grow, and density inside
    cannot vanish. With a freedom of 1 there is no band, only the initial density.

    Args:
        distance: signed distance to the mesh, negative inside, any shape.
        freedom: see `StartSettings`.
    """
    density = SOLID * (HINT / SOLID) ** freedom
    falloff = TIGHTEST * (LOOSEST / TIGHTEST) ** freedom
    start = math.log(density) - distance.clamp_min(0).square() / (2 * falloff**2)
    start = start.clamp_min(math.log(1e-4))  # the optimization must be able to add matter
    if freedom >= 1:
        return start
    band = FARTHEST * freedom
    outside = ((distance - band) / WALL).clamp(0, 1)
    inside = ((-distance - band) / WALL).clamp(0, 1)
    return start - IMPOSSIBLE * outside + CERTAIN * inside
