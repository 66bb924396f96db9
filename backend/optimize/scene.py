"""What is optimized: a field with all that belongs to it, and its way of rendering."""

from __future__ import annotations

from typing import Protocol

from torch import Tensor, nn

from ..fields.base import Field
from ..maths.cameras import Cameras
from .randomness import Randomness
from .render import Lighting, Rendered


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
