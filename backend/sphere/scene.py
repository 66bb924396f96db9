"""The deformed sphere as a scene: its views and their gradient. See `optimize.scene.Scene`."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ..config.sphere import SphereSettings
from ..maths.cameras import Cameras
from ..maths.random_streams import RandomStreams
from ..optimize.render import Lighting, Rendered
from ..refine.render import render
from .solid import MeshSolid
from .surface import SphereSurface


class SphereScene:
    """See `optimize.scene.Scene`."""

    def __init__(self, settings: SphereSettings, device: torch.device, seed: int) -> None:
        s = settings
        self.surface = SphereSurface(s.subdivisions, s.radius, s.texture_px, device, seed)
        self.modules: nn.Module = self.surface

    @property
    def field(self) -> MeshSolid:
        """The inside of the mesh, for measurements. The asset is the mesh itself."""
        return MeshSolid(self.surface)

    def parameters_by_role(self) -> dict[str, list[nn.Parameter]]:
        return {"all": list(self.surface.parameters())}

    def at_step(self, step: int) -> None:
        self.surface.clamp_maps()

    def render(
        self,
        cameras: Cameras,
        lighting: Lighting,
        background: Tensor,
        size_px: int,
        samples: int,
        random: RandomStreams | None = None,
    ) -> Rendered:
        """Renders B views. `samples`, `random` and ambient occlusion have no meaning for a surface."""
        vertices = self.surface.vertices()
        maps = self.surface.maps(vertices)
        image, opacity = render(
            self.surface.mesh, vertices, maps.albedo, cameras, lighting, background, size_px, maps.bend
        )
        return Rendered(image, opacity, torch.zeros_like(opacity), {"laplacian": self.surface.laplacian})
