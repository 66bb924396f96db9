"""A fixed surface as a scene: rendering and its gradient with respect to the colors. See `optimize.scene.Scene`."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ..config.paint import PaintSettings
from ..maths.cameras import Cameras
from ..maths.color import srgb_decode
from ..maths.random_streams import RandomStreams
from ..optimize import parallel
from ..optimize.render import Lighting, Rendered
from ..refine.render import Rasterized, render_surface
from .depth import depth_images
from .surface import Surface, look_up
from .surface_grid import SurfaceGrid

BOUND = 0.62  # half the side of the cube; the mesh fits a sphere of 0.53
DARKEST = 0.03  # the sigmoid's gradient vanishes at 0 and 1


class PaintedColors(nn.Module):
    """sRGB = present + mask * (sigmoid(logit(start) + grid) - before).

    With a strength below 1, `start` and `before` are the present color, so that nothing changes where the grid is 0.
    Otherwise `start` is gray, and `before` is the present color, which is replaced.
    """

    seen: Tensor

    def __init__(self, surface: Surface, settings: PaintSettings) -> None:
        super().__init__()
        self.grid = SurfaceGrid(surface.mesh.corners, settings.levels, BOUND)
        self._replaces = settings.strength >= 1
        # Which voxels of the finest level a view has shown.
        self.register_buffer("seen", torch.zeros(len(self.grid.levels[-1]), dtype=torch.bool))

    def forward(self, points: Tensor, present: Tensor, mask: Tensor) -> Tensor:
        """points [N, 3], present colors [N, 3] sRGB, mask [N, 1] -> colors [N, 3] sRGB in [0, 1]."""
        grid = self.grid(points)
        if self._replaces:
            change = torch.sigmoid(grid) - present
        else:
            start = torch.logit(present.clamp(DARKEST, 1 - DARKEST))
            change = torch.sigmoid(start + grid) - torch.sigmoid(start)
        return (present + mask * change).clamp(0, 1)

    @torch.no_grad()
    def mark_seen(self, points: Tensor) -> None:
        rows, weights = self.grid.voxels_at(points, len(self.grid.sizes) - 1)
        self.seen[rows[weights > 0.1]] = True

    @torch.no_grad()
    def is_seen(self, points: Tensor) -> Tensor:
        """Whether a view has shown the surface at points [N, 3]."""
        rows, weights = self.grid.voxels_at(points, len(self.grid.sizes) - 1)
        return ((self.seen[rows.clamp_min(0)] & (rows >= 0)) * weights).sum(-1) > 0.5


class PaintedScene:
    """See `optimize.scene.Scene`."""

    def __init__(self, surface: Surface, settings: PaintSettings, device: torch.device, depth_px: int = 0) -> None:
        """
        Args:
            depth_px: side of the depth images of the views, for a model that takes some; 0: none.
        """
        self.surface, self._depth_px = surface, depth_px
        # Otherwise, all texels are new.
        self.keeps_present = settings.strength < 1 or surface.source.has_mask
        self.colors = PaintedColors(surface, settings).to(device)
        self.modules: nn.Module = self.colors
        self._mesh = surface.to_render(device)
        self._vertices = torch.from_numpy(surface.mesh.vertices).float().to(device)
        self._sheet = torch.from_numpy(surface.source.sheet).to(device)
        self._mask = torch.from_numpy(surface.source.mask).to(device) if surface.source.has_mask else None
        self._sheets = [
            torch.from_numpy(pixels).to(device).permute(2, 0, 1)[None].float() / 255 for pixels in surface.sheets
        ]

    @property
    def field(self) -> None:
        """The mesh is given."""
        return None

    def parameters_by_role(self) -> dict[str, list[nn.Parameter]]:
        return {"albedo": list(self.colors.grid.levels)}

    def at_step(self, step: int) -> None:
        """Collects what the views of all ranks have shown."""
        parallel.all_reduce_any(self.colors.seen)

    def render(
        self,
        cameras: Cameras,
        lighting: Lighting,
        background: Tensor,
        size_px: int,
        samples: int,
        random: RandomStreams | None = None,
    ) -> Rendered:
        """Renders B views. `samples` and `random` have no meaning for a surface."""
        image, opacity = render_surface(
            self._mesh,
            self._vertices,
            self._color,
            cameras,
            lighting,
            background,
            size_px,
            is_two_sided=True,  # both sides of a face are painted, whatever its orientation
        )
        if not torch.is_grad_enabled():
            return Rendered(image, opacity, torch.zeros_like(opacity))
        depth = depth_images(self._vertices, self._mesh.faces, cameras, self._depth_px) if self._depth_px else None
        penalties = {"total_variation": self.colors.grid.total_variation}
        return Rendered(image, opacity, torch.zeros_like(opacity), penalties, depth)

    def _color(self, raster: Rasterized, points: Tensor) -> Tensor:
        if torch.is_grad_enabled():
            self.colors.mark_seen(points)
        return srgb_decode(self._colors_at(raster.face, raster.weights, points))

    def _colors_at(self, face: Tensor, weights: Tensor, points: Tensor) -> Tensor:
        uv = (self._mesh.uv[self._mesh.uv_faces[face]] * weights[..., None]).sum(1)
        present = look_up(self._sheets, self._sheet[face], uv)
        if self._mask is None:
            mask = points.new_ones(len(points), 1)
        else:
            mask = (self._mask[face] * weights).sum(1, keepdim=True)
        return self.colors(points, present, mask)
