"""Random numbers of a batch of views."""

from __future__ import annotations

import torch
from torch import Tensor


class Randomness:
    """Random numbers of a batch of views, one stream for each: a view looks the same whatever is rendered beside it,
    after it or on another device."""

    def __init__(self, seeds: list[int]) -> None:
        self.generators = [torch.Generator().manual_seed(seed) for seed in seeds]

    def uniform(self, *shape: int) -> Tensor:
        """[B, *shape] in [0, 1)."""
        return torch.stack([torch.rand(shape, generator=generator) for generator in self.generators])

    def normal(self, *shape: int) -> Tensor:
        """[B, *shape], standard normal."""
        return torch.stack([torch.randn(shape, generator=generator) for generator in self.generators])
