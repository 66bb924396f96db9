"""The interface of guides: models that turn rendered views into a loss."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from torch import Tensor

from ..maths.random_streams import RandomStreams
from .view_conditions import ViewConditions


class GuidanceResult(NamedTuple):
    """The loss of some views.

    loss: mean over views of a sum over `pixels` pixels; regularizers, which are means, are multiplied by `pixels` to compare.
    sizes [B]: magnitude for each view. It stays finite and small unless the optimization diverges.
    """

    loss: Tensor
    sizes: Tensor
    pixels: float


class Guide(Protocol):
    def compute(
        self,
        image: Tensor,
        views: list[ViewConditions],
        step: int,
        random: RandomStreams,
        depth: Tensor | None = None,
        surface: Tensor | None = None,
    ) -> GuidanceResult:
        """Computes the loss of rendered views.

        Args:
            image: sRGB [B, 3, H, W] in [0, 1], with a gradient.
            views, random: one entry and one stream per view.
            depth: depth images [B, 1, H, W] for a model that takes them, see `base.Conditioning`.
            surface: points [B, H, W, 3] that the noise is fixed to, see `surface_noise`.
        """
        ...
