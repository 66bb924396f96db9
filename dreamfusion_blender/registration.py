"""Registers and unregisters everything. `unregister` reverses the order of `register` and leaves nothing behind."""

from __future__ import annotations

import bpy
from bpy.app.handlers import persistent

from . import operators, panels, pictures, preferences, properties, pump, session, textures, translations
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
    textures.attach()
    pump.start()


def unregister() -> None:
    pump.stop()
    if _on_load in bpy.app.handlers.load_post:  # at exit, Blender clears the handlers before it disables add-ons
        bpy.app.handlers.load_post.remove(_on_load)
    textures.detach()
    session.stop()
    pictures.hide_all()
    translations.unregister()
    menus.detach()
    properties.detach()
    for cls in reversed(CLASSES):
        bpy.utils.unregister_class(cls)


@persistent
def _on_load(*_args: object) -> None:
    """After another file was opened: the next ticks match the jobs to the scenes of that file. Jobs keep running."""
    state = session.state
    state.discovered.clear()
    state.current.clear()
    state.messages.clear()
    state.stale_views.update(
        id for id, view in state.views.items() if view.status not in (states.DONE, states.CANCELLED)
    )
    textures.keep_all_in_files()
