"""What a field is: the interface between the optimized representation and everything that reads it."""

from __future__ import annotations

from typing import Protocol

from torch import Tensor


class Field(Protocol):
    """Density and albedo everywhere in the cube `[-bound, bound]^3` (z up, front towards -y, density 0 outside).

    Albedo is **linear light** in [0, 1]; whoever writes a texture or shows a picture encodes it as sRGB.
    """

    bound: float

    def density(self, points: Tensor) -> Tensor:
        """points [N, 3] -> density [N], not negative, per unit of length."""
        ...

    def query(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """points [N, 3] -> density [N], albedo [N, 3]."""
        ...
