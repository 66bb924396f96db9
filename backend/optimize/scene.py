"""A scene: the field that is optimized, together with its background and its renderer."""

from __future__ import annotations

from typing import Protocol

import torch
from torch import Tensor, nn

from ..config.settings import FieldSettings
from ..fields.base import Field
from ..maths.cameras import Cameras
from ..maths.random_streams import RandomStreams
from .grid_scene import GridScene
from .mlp_scene import MlpScene
from .render import Lighting, Rendered


class Scene(Protocol):
    """What the optimization needs of a scene. Implemented by `GridScene`, `MlpScene`, `SphereScene` and `PaintedScene`."""

    @property
    def field(self) -> Field | None:
        """The field that the mesh is made from. None if the mesh is given."""
        ...

    @property
    def modules(self) -> nn.Module:
        """All trainable parameters and saved buffers, for checkpoints."""
        ...

    def parameters_by_role(self) -> dict[str, list[nn.Parameter]]:
        """Parameters by learning rate: "density" and "albedo", or "all"."""
        ...

    def at_step(self, step: int) -> None:
        """Called after each step with the number of steps done. Anneals the encoding or prunes empty voxels."""
        ...

    def render(
        self,
        cameras: Cameras,
        lighting: Lighting,
        background: Tensor,
        size_px: int,
        samples: int,
        random: RandomStreams | None = None,
    ) -> Rendered:
        """Renders B views, see `render.render`. Samples are jittered by `random`, and not jittered when it is None."""
        ...


def build_scene(settings: FieldSettings, device: torch.device, seed: int) -> Scene:
    """Builds the scene of `settings.kind`. `seed` determines the initial weights of networks and the sphere's texture."""
    if settings.kind == "mlp":
        return MlpScene(settings.mlp, device, seed)
    if settings.kind == "sphere":
        from ..sphere.scene import (
            SphereScene,
        )  # with libraries of meshes, which the first preview of a field need not wait for

        return SphereScene(settings.sphere, device, seed)
    return GridScene(settings, device)
