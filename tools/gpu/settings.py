"""The settings that rows measure: those of a preset, where most of its steps are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from backend.config.lookup import find_preset
from backend.config.overrides import apply_overrides
from backend.config.schedules import max_value
from backend.config.settings import FieldSettings, Settings

PROMPT = "a red mushroom"


def settings_of(preset: str, overrides: Mapping[str, Any] | None = None) -> Settings:
    """A preset with its largest renders, light in all views, and an object in its field."""
    settings = apply_overrides(find_preset(preset), dict(overrides or {}))
    return replace(
        settings,
        field=with_object(settings.field),
        shading=replace(settings.shading, albedo_only_steps=0),
        optimizer=replace(settings.optimizer, render_px=max_value(settings.optimizer.render_px)),
    )


def with_object(field: FieldSettings) -> FieldSettings:
    """The field begins as an opaque ball of two thirds of the frame, with empty cells around it."""
    return replace(field, start_density=400.0, start_radius=0.1)
