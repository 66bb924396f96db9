"""Registers and unregisters everything. `unregister` reverses the order of `register` and leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import bpy
from bpy.app.handlers import persistent

from . import (
    operators,
    panels,
    pictures,
    preferences,
    presence,
    prompting,
    properties,
    pump,
    queue_list,
    reopened,
    session,
    textures,
    translations,
)
from .backend.catalog.lookup import BUILTIN
from .backend.jobs import states
from .changing import settings as change_settings
from .core.arrival_states import Arrival
from .image_prompt import settings as image_settings
from .panels import menus
from .stage import photo_settings
from .starting import settings as start_settings
from .texturing import before_after
from .texturing import settings as texture_settings

CLASSES = (
    *properties.CLASSES,
    *before_after.CLASSES,
    *texture_settings.CLASSES,
    *image_settings.CLASSES,
    *change_settings.CLASSES,
    *start_settings.CLASSES,
    *queue_list.CLASSES,
    *preferences.CLASSES,
    *operators.CLASSES,
    *panels.CLASSES,
)


def register() -> None:
    for cls in CLASSES:
        bpy.utils.register_class(cls)
    properties.attach()
    photo_settings.attach()
    before_after.attach()
    texture_settings.attach()
    image_settings.attach()
    change_settings.attach()
    start_settings.attach()
    queue_list.attach()
    menus.attach()
    translations.register()
    session.start()
    prompting.read_model(BUILTIN)
    for handlers, function in _handlers():
        handlers.append(function)
    textures.attach()
    pump.start()


def unregister() -> None:
    pump.stop()
    for handlers, function in _handlers():
        if function in handlers:  # at exit, Blender clears the handlers before it disables add-ons
            handlers.remove(function)
    textures.detach()
    session.stop()
    pictures.hide_all()
    translations.unregister()
    menus.detach()
    queue_list.detach()
    image_settings.detach()
    change_settings.detach()
    start_settings.detach()
    texture_settings.detach()
    before_after.detach()
    photo_settings.detach()
    properties.detach()
    for cls in reversed(CLASSES):
        bpy.utils.unregister_class(cls)


def _handlers() -> tuple[tuple[Any, Callable[..., None]], ...]:
    called = bpy.app.handlers
    return (
        (called.load_post, _on_load),
        (called.save_post, _on_save),
        (called.undo_post, _on_undo),
        (called.redo_post, _on_undo),
        (called.depsgraph_update_post, _on_change),
    )


@persistent
def _on_change(*_args: object) -> None:
    presence.note_change()


@persistent
def _on_save(*_args: object) -> None:
    if session.state.board is not None:
        reopened.note_file()


@persistent
def _on_undo(*_args: object) -> None:
    presence.search_all()
    pump.refresh_views()


@persistent
def _on_load(*_args: object) -> None:
    """After another file was opened: the next ticks match the jobs to the scenes of that file. Jobs keep running."""
    prompting.read_all_models()
    state = session.state
    state.discovered.clear()
    state.current.clear()
    state.messages.clear()
    reopened.forget_file()
    for job_id in [id for id, waiting in state.arrivals.items() if waiting is Arrival.FAILED]:
        del state.arrivals[job_id]
        state.import_errors.pop(job_id, None)
    presence.search_all()
    state.rows_key = ()
    queue_list.update()  # without the lists of the old file, and in the window manager of the new one
    state.stale_views.update(
        id for id, view in state.views.items() if view.status not in (states.DONE, states.CANCELLED)
    )
    state.stale_views |= reopened.ids_of_this_file()
    textures.keep_all_in_files()
    if state.board is not None:  # while Blender starts, its preferences are not available
        pump.refresh_views()
