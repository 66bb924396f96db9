"""What a preset means if the object starts from a given mesh."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from .schedules import stretched
from .settings import Settings

SHARE = 2 / 3  # of the preset's steps: the coarse shape is already there
FRAME_RADIUS = 0.53  # of the sphere that the mesh is scaled into, see `inputs.placement.RADIUS`


def for_starting(preset: Settings) -> Settings:
    """The settings of a preset with fewer steps, and all schedules in proportion.

    The views frame the sphere of the mesh, so that the model, which frames its objects, neither enlarges nor shrinks it.
    """

    def in_proportion(part: Any) -> Any:
        found = {entry.name: getattr(part, entry.name) for entry in fields(part)}
        is_schedule = {name: isinstance(value, tuple) and isinstance(value[0], tuple) for name, value in found.items()}
        return replace(part, **{name: stretched(found[name], SHARE) for name in found if is_schedule[name]})

    shading, guidance, optimizer = (in_proportion(part) for part in (preset.shading, preset.guidance, preset.optimizer))
    return replace(
        preset,
        camera=replace(preset.camera, frame_radius=FRAME_RADIUS),
        shading=replace(shading, albedo_only_steps=round(SHARE * shading.albedo_only_steps)),
        guidance=replace(guidance, coarse_steps=round(SHARE * guidance.coarse_steps)),
        losses=in_proportion(preset.losses),
        optimizer=replace(optimizer, steps=round(SHARE * optimizer.steps)),
    )
