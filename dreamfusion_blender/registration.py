"""Registration: in one order, and out in the reverse of it. Nothing stays behind."""

from __future__ import annotations

import bpy
from bpy.app.handlers import persistent

from . import operators, panels, pictures, preferences, properties, pump, session, translations
from .backend.jobs import states
from .panels import menus

CLASSES = (*properties.CLASSES, *preferences.CLASSES, *operators.CLASSES, *panels.CLASSES)


def register() -> None:
    for cls in CLASSES:
        bpy.utils.register_class(cls)
    properties.attach()
    menus.attach()
    translations.register()
    session.start()
    bpy.app.handlers.load_post.append(_on_load)
    pump.start()


def unregister() -> None:
    pump.stop()
    if _on_load in bpy.app.handlers.load_post:  # Blender empties the list before it disables add-ons on quitting
        bpy.app.handlers.load_post.remove(_on_load)
    session.stop()
    pictures.hide_all()
    translations.unregister()
    menus.detach()
    properties.detach()
    for cls in reversed(CLASSES):
        bpy.utils.unregister_class(cls)


@persistent
def _on_load(*_args: object) -> None:
    """Another file is open: jobs go on, and those that were begun in it find their scenes at the next tick."""
    state = session.state
    state.met.clear()
    state.current.clear()
    state.notices.clear()
    state.stale.update(id for id, view in state.views.items() if view.status not in (states.DONE, states.CANCELLED))
