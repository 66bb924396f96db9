"""Random numbers of a batch of views."""

from __future__ import annotations

import torch
from torch import Tensor


class RandomStreams:
    """One random number generator per view.

    A view's numbers depend only on its seed: they are the same whatever batch, order or device it is rendered in.
    """

    def __init__(self, seeds: list[int]) -> None:
        self.generators = [torch.Generator().manual_seed(seed) for seed in seeds]

    def uniform(self, *shape: int) -> Tensor:
        """Uniform in [0, 1), [B, *shape]."""
        return torch.stack([torch.rand(shape, generator=generator) for generator in self.generators])

    def normal(self, *shape: int) -> Tensor:
        """Standard normal, [B, *shape]."""
        return torch.stack([torch.randn(shape, generator=generator) for generator in self.generators])
