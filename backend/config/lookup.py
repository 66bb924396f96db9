"""Finds presets by name, and checks requests before a job is created."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from ..errors import UserError
from .doc import shortened
from .overrides import apply_overrides
from .paint_presets import for_painting
from .presets import ALL_PRESETS, PRESETS
from .settings import Settings
from .start_presets import for_starting


def find_preset(name: str) -> Settings:
    """Returns the preset with that name.

    Raises:
        UserError: no such preset (code "preset").
    """
    if name not in ALL_PRESETS:
        near = difflib.get_close_matches(name.lower(), ALL_PRESETS, n=1)
        hint = f"Did you mean '{near[0]}'?" if near else f"The presets are {', '.join(PRESETS)}."
        raise UserError(f"There is no preset '{shortened(name)}'. {hint}", code="preset")
    return ALL_PRESETS[name]


def settings_for(preset: str, overrides: Mapping[str, Any], mode: str = "generate") -> Settings:
    """The settings of a job: the preset as it is for the mode (see `jobs.request.MODES`), with the overrides applied.

    Raises:
        UserError: no such preset, or it cannot start from a mesh (code "preset"), or an override is invalid or does not suit the
            mode (code "settings").
    """
    found = find_preset(preset)
    if mode == "texture":
        found = for_painting(preset, found)
    elif mode == "start":
        found = for_starting(found)
    settings = apply_overrides(found, overrides)
    if mode == "start" and settings.field.kind != "grid":
        raise UserError(f"The preset '{shortened(preset)}' cannot start from a mesh. Choose another preset.", "preset")
    if mode != "texture" and settings.guidance.controlnet:
        raise UserError(
            "A depth ControlNet needs a mesh that is painted. Use the mode texture, or remove the ControlNet.",
            "settings",
        )
    if mode == "texture" and settings.guidance.noise == "surface":
        raise UserError(
            "The mode texture cannot fix the noise to the surface. Set 'guidance.noise' to view.", "settings"
        )
    return settings
