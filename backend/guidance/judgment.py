"""What goes into a guide and what comes out."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from torch import Tensor

# How a view is shaded: the paper's albedo, shaded and textureless renders.
UNLIT, SHADED, CLAY = STYLES = ("unlit", "shaded", "clay")


class Random(Protocol):
    """Streams of random numbers, one for each view: [B, *shape]."""

    def uniform(self, *shape: int) -> Tensor: ...

    def normal(self, *shape: int) -> Tensor: ...


class Look(NamedTuple):
    """How a view was rendered. Angles in radians.

    fill: the share of the picture's width that a sphere around the object spans; None where nobody says.
    light: where the lamp stands seen from the camera, by angles to its right and upwards; None where nobody says, or nothing
    is shaded.
    """

    azimuth: float
    elevation: float
    style: str
    fill: float | None = None
    light: tuple[float, float] | None = None


class Judgment(NamedTuple):
    """loss: a mean over views of a sum over `pixels` pixels of each; regularizers, which are means, are multiplied by that to
    compare. sizes [B]: of each view, finite and small while all goes well."""

    loss: Tensor
    sizes: Tensor
    pixels: float
