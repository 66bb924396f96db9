"""The voxel grid as a scene: rays are sampled only in occupied voxels, in front of plain or textured backgrounds."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ..config.settings import FieldSettings
from ..fields.hashed_levels import HashedLevels
from ..fields.start import Start
from ..fields.voxel_grid import VoxelGrid
from ..maths.cameras import Cameras
from ..maths.random_streams import RandomStreams
from . import losses
from .render import Lighting, Rendered, render


class GridScene:
    """See `scene.Scene`.

    Args:
        start: see `VoxelGrid`.
        field: a field that is not empty, instead of the one of the settings.
    """

    def __init__(
        self,
        settings: FieldSettings,
        device: torch.device,
        start: Start | None = None,
        field: VoxelGrid | None = None,
    ) -> None:
        self.settings = settings
        s = settings
        if field is None:
            fine = (
                HashedLevels(s.fine_levels, s.fine_entries_log2, s.bound) if s.fine_levels and start is None else None
            )
            field = VoxelGrid(s.levels, s.bound, s.start_density, s.start_radius, s.fill_unseen, start, fine)
        self.field = field.to(device)
        self.modules: nn.Module = self.field
        if s.visibility_every > 1:
            self.field.keep_visibility()

    def parameters_by_role(self) -> dict[str, list[nn.Parameter]]:
        return self.field.parameters_by_role()

    def at_step(self, step: int) -> None:
        s = self.settings
        if step >= s.prune_from and step % s.prune_every == 0:
            self.field.prune(s.prune_below)
        if s.visibility_every > 1 and step % s.visibility_every == 0:
            self.field.keep_visibility()

    def render(
        self,
        cameras: Cameras,
        lighting: Lighting,
        background: Tensor,
        size_px: int,
        samples: int,
        random: RandomStreams | None = None,
    ) -> Rendered:
        sampler = self.field.sampler()
        jitter = None if random is None else random.uniform(size_px * size_px).flatten().to(background.device)
        chance = None if random is None else random.uniform(size_px * size_px).flatten().to(background.device)
        needs_occlusion = lighting.occlusion and bool((lighting.ambient < 1).any())
        rendered = render(
            sampler,
            self.field.is_occupied,
            self.field.bound,
            cameras,
            lighting,
            background,
            size_px,
            samples,
            jitter,
            sampler.visibility if needs_occlusion else None,
            chance,
        )
        if torch.is_grad_enabled():
            rendered.penalties["total_variation"] = lambda: losses.total_variation(sampler.log_density)
            rendered.penalties["matter"] = sampler.interior_density
        return rendered
