"""Registration: in one order, and out in the reverse of it. Nothing stays behind."""

from __future__ import annotations

import bpy
from bpy.app.handlers import persistent

from . import operators, operators_files, panels, pictures, preferences, properties, pump, session

CLASSES = (
    *properties.CLASSES,
    *preferences.CLASSES,
    *operators.CLASSES,
    *operators_files.CLASSES,
    *panels.CLASSES,
)


def register() -> None:
    for cls in CLASSES:
        bpy.utils.register_class(cls)
    properties.attach()
    session.start()
    bpy.app.handlers.load_post.append(_on_load)
    pump.start()


def unregister() -> None:
    pump.stop()
    bpy.app.handlers.load_post.remove(_on_load)
    session.stop()
    pictures.hide_all()
    properties.detach()
    for cls in reversed(CLASSES):
        bpy.utils.unregister_class(cls)


@persistent
def _on_load(*_args: object) -> None:
    """Another file is open: jobs go on, and those that were begun in it find their scenes at the next tick."""
    session.state.met.clear()
    session.state.current.clear()
    session.state.notices.clear()
