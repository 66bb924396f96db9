"""Finds presets by name, and checks requests before a job is created."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from ..errors import UserError
from .doc import shortened
from .overrides import apply_overrides
from .presets import ALL_PRESETS, PRESETS
from .settings import Settings


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


def check_settings(preset: str, overrides: Mapping[str, Any]) -> None:
    """Checks that a preset exists and that its settings can be overridden in this way.

    Raises:
        UserError: no such preset (code "preset"), or an override is invalid (code "settings").
    """
    apply_overrides(find_preset(preset), overrides)
