"""The field interface that asset export relies on."""

from __future__ import annotations

from typing import Protocol

from torch import Tensor


class Field(Protocol):
    """Density and albedo in the cube `[-bound, bound]^3`, z up, front towards -y. Density is 0 outside.

    Albedo is **linear light** in [0, 1]. Textures and images encode it as sRGB.
    """

    bound: float

    def density(self, points: Tensor) -> Tensor:
        """points [N, 3] -> density [N], at least 0, per unit of length."""
        ...

    def query(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """points [N, 3] -> density [N], albedo [N, 3]."""
        ...
