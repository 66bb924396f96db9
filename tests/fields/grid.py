"""Where the cells of a small cube lie."""

from __future__ import annotations

import torch
from torch import Tensor


def places(bound: float, size: int) -> tuple[Tensor, Tensor, Tensor]:
    """x, y, z of the cells [size, size, size] (z, y, x) of a cube from -bound to bound, its faces included."""
    axis = torch.linspace(-bound, bound, size)
    z, y, x = torch.meshgrid(axis, axis, axis, indexing="ij")
    return x, y, z
