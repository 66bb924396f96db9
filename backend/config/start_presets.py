"""What a preset means if the object starts from a given mesh."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .schedules import schedule_names, stretched
from .settings import Settings

SHARE = 2 / 3  # of the preset's steps: the coarse shape is already there
FRAME_RADIUS = 0.53  # of the sphere that the mesh is scaled into, see `inputs.placement.RADIUS`


def for_starting(preset: Settings) -> Settings:
    """The settings of a preset with fewer steps, and all schedules in proportion.

    The views frame the sphere of the mesh, so that the model, which frames its objects, neither enlarges nor shrinks it.
    """

    def in_proportion(part: Any) -> Any:
        return replace(part, **{name: stretched(getattr(part, name), SHARE) for name in schedule_names(part)})

    shading, guidance, optimizer = (in_proportion(part) for part in (preset.shading, preset.guidance, preset.optimizer))
    return replace(
        preset,
        camera=replace(preset.camera, frame_radius=FRAME_RADIUS),
        shading=replace(shading, albedo_only_steps=round(SHARE * shading.albedo_only_steps)),
        guidance=replace(guidance, coarse_steps=round(SHARE * guidance.coarse_steps)),
        losses=in_proportion(preset.losses),
        optimizer=replace(optimizer, steps=round(SHARE * optimizer.steps)),
    )
