"""What the settings of a preset mean if an earlier version of the object is given."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .schedules import scaled, schedule_names, shifted
from .settings import Settings

_WITH_SCHEDULES = ("shading", "guidance", "losses", "optimizer")


def at_amount(settings: Settings) -> Settings:
    """The settings of a run that changes an object by an amount.

    While the shape stays, this is image-to-image (SDEdit, Meng et al. 2021): the last part of the steps, with less noise. A shape
    that may change needs all steps and all noise; what it keeps is decided by its start, see `fields.changed_grid`.
    """
    amount = settings.change.amount
    if settings.change.freedom:
        return settings
    total = settings.optimizer.steps
    steps = max(1, round(total * amount))
    late = _from_step(settings, total - steps)
    guidance = late.guidance
    late = replace(
        late,
        field=replace(late.field, prune_from=steps + 1),
        guidance=replace(guidance, t_low=scaled(guidance.t_low, amount), t_high=scaled(guidance.t_high, amount)),
        optimizer=replace(late.optimizer, steps=steps, density_rate=0.0),
    )
    # Views without texture have no gradient for colors, and regularizers have none for a shape that stays.
    losses = replace(
        late.losses, opacity=0.0, orientation=0.0, entropy=0.0, transmittance=0.0, total_variation=0.0, matter=0.0
    )
    return replace(late, shading=replace(late.shading, textureless=0.0), losses=losses)


def _from_step(settings: Settings, first: int) -> Settings:
    """The settings with all schedules as they are from step `first` on."""
    groups: dict[str, Any] = {name: getattr(settings, name) for name in _WITH_SCHEDULES}
    late = {}
    for name, group in groups.items():
        late[name] = replace(group, **{key: shifted(getattr(group, key), first) for key in schedule_names(group)})
    late["shading"] = replace(late["shading"], albedo_only_steps=max(0, settings.shading.albedo_only_steps - first))
    late["guidance"] = replace(late["guidance"], coarse_steps=max(0, settings.guidance.coarse_steps - first))
    return replace(settings, **late)
