"""Whether Blender may use the network. Only the user changes it: in Blender's preferences, or on the command line."""

from __future__ import annotations

import bpy

from .core.actions import ALLOW_ONLINE, OPEN_PREFERENCES, Action
from .core.translate import tr


def problem(alternative: str = "") -> str:
    """Why the network cannot be used, for the user; empty if it can.

    Args:
        alternative: a sentence about what works without the network.
    """
    if bpy.app.online_access:
        return ""
    if is_fixed():
        text = tr("Blender was started with --offline-mode. Restart it without this option to go online.")
    else:
        text = tr("Online access is disabled. Click Allow Online Access to change this preference of Blender.")
    return f"{text} {alternative}".strip()


def is_fixed() -> bool:
    """Whether the command line decides, so that the preference has no effect."""
    return bool(bpy.app.online_access_override)


def fixes() -> tuple[Action, ...]:
    """Buttons for `problem`."""
    return (OPEN_PREFERENCES,) if is_fixed() else (ALLOW_ONLINE, OPEN_PREFERENCES)


def allow() -> None:
    """Changes Blender's preference, which is saved with the others."""
    preferences = bpy.context.preferences
    preferences.system.use_online_access = True
    preferences.is_dirty = True
