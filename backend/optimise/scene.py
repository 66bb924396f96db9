"""What is optimised: a field with all that belongs to it, and its way of rendering."""

from __future__ import annotations

from typing import Protocol

import torch
from torch import Tensor, nn

from ..fields.base import Field
from ..maths.cameras import Cameras
from ..settings import FieldSettings
from .render import Lighting, Rendered


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


class Scene(Protocol):
    """field: for whoever makes the asset. modules: everything that learns and is saved."""

    @property
    def field(self) -> Field: ...

    @property
    def modules(self) -> nn.Module: ...

    def parameters_by_role(self) -> dict[str, list[nn.Parameter]]:
        """ "density" and "albedo" where they learn at rates of their own, "all" elsewhere."""
        ...

    def at_step(self, step: int) -> None:
        """Called when so many steps are done: anneals, forgets empty cells."""
        ...

    def render(
        self,
        cameras: Cameras,
        lighting: Lighting,
        background: Tensor,
        size_px: int,
        samples: int,
        random: Randomness | None = None,
    ) -> Rendered:
        """See `render.render`. Samples are jittered when `random` is given, repeatable otherwise."""
        ...


def build_scene(settings: FieldSettings, device: torch.device, seed: int) -> Scene:
    """The scene of a preset with its first parameters; `seed` decides those that are random."""
    if settings.kind == "mlp":
        from .mlp_scene import MlpScene

        return MlpScene(settings.mlp, device, seed)
    from .grid_scene import GridScene

    return GridScene(settings, device)
