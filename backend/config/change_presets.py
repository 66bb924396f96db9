"""What the settings of a preset mean if an earlier version of the object is given."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from .schedules import scaled, shifted
from .settings import Settings

_WITH_SCHEDULES = ("shading", "guidance", "losses", "optimizer")


def at_amount(settings: Settings) -> Settings:
    """The settings of a run that changes an object by an amount, as in image-to-image (SDEdit, Meng et al. 2021).

    It does the last part of the steps, and begins with less noise. The shape moves slower with a smaller amount, or not at all.
    """
    amount, freedom = settings.change.amount, settings.change.freedom
    total = settings.optimizer.steps
    steps = max(1, round(total * amount))
    late = _from_step(settings, total - steps)
    guidance, optimizer = late.guidance, late.optimizer
    late = replace(
        late,
        guidance=replace(guidance, t_low=scaled(guidance.t_low, amount), t_high=scaled(guidance.t_high, amount)),
        optimizer=replace(optimizer, steps=steps, density_rate=scaled(optimizer.density_rate, freedom)),
    )
    return late if freedom else _colors_only(late)


def _from_step(settings: Settings, first: int) -> Settings:
    """The settings with all schedules as they are from step `first` on."""
    groups: dict[str, Any] = {name: getattr(settings, name) for name in _WITH_SCHEDULES}
    late = {
        name: replace(group, **{f.name: shifted(entry, first) for f in fields(group) if _is_schedule(entry := getattr(group, f.name))})
        for name, group in groups.items()
    }
    late["shading"] = replace(late["shading"], albedo_only_steps=max(0, settings.shading.albedo_only_steps - first))
    late["guidance"] = replace(late["guidance"], coarse_steps=max(0, settings.guidance.coarse_steps - first))
    field = replace(settings.field, prune_from=max(0, settings.field.prune_from - first))
    return replace(settings, field=field, **late)


def _is_schedule(entry: Any) -> bool:
    return isinstance(entry, tuple) and bool(entry) and isinstance(entry[0], tuple)


def _colors_only(settings: Settings) -> Settings:
    """Without what can only change the shape: views without texture have no gradient then."""
    losses = replace(
        settings.losses, opacity=0.0, orientation=0.0, entropy=0.0, transmittance=0.0, total_variation=0.0, matter=0.0
    )
    return replace(settings, shading=replace(settings.shading, textureless=0.0), losses=losses)
