"""What a preset means if the object starts from a given mesh."""

from __future__ import annotations

import os
from dataclasses import fields, is_dataclass, replace
from typing import Any

from .schedules import value
from .settings import Settings

SHARE = 2 / 3  # of the preset's steps


def for_starting(preset: Settings) -> Settings:
    variant = os.environ.get("VARIANT", "scaled")
    steps = round(SHARE * preset.optimizer.steps)
    offset = preset.optimizer.steps - steps
    if variant == "scaled":
        change = lambda s: tuple((SHARE * a, v) for a, v in s)
    else:
        change = lambda s: ((0, value(s, offset)), *((a - offset, v) for a, v in s if a > offset))

    def walk(part: Any) -> Any:
        out = {}
        for f in fields(part):
            v = getattr(part, f.name)
            if is_dataclass(v):
                out[f.name] = walk(v)
            elif isinstance(v, tuple) and v and isinstance(v[0], tuple):
                out[f.name] = change(v)
        return replace(part, **out)

    refine, new = preset.refine, walk(preset)
    new = replace(
        new,
        refine=refine,
        optimizer=replace(new.optimizer, steps=steps),
        shading=replace(
            new.shading,
            albedo_only_steps=round(preset.shading.albedo_only_steps * SHARE)
            if variant == "scaled"
            else max(0, preset.shading.albedo_only_steps - offset),
        ),
    )
    return new
