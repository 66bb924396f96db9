"""What goes into a guide and what comes out."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from torch import Tensor


class Random(Protocol):
    """Streams of random numbers, one for each view: [B, *shape]."""

    def uniform(self, *shape: int) -> Tensor: ...

    def normal(self, *shape: int) -> Tensor: ...


class Look(NamedTuple):
    """How a view was rendered. Angles in radians."""

    azimuth: float
    elevation: float
    style: str


class Judgement(NamedTuple):
    """loss: a mean over views of a sum over `pixels` pixels of each; regularisers, which are means, are multiplied by that to
    compare. sizes [B]: of each view, finite and small while all goes well."""

    loss: Tensor
    sizes: Tensor
    pixels: float
