"""All differences between Blender versions (4.2 to 5.2), in one place."""

from __future__ import annotations

from typing import Any

import bpy


def supported(operator: Any, **options: Any) -> dict[str, Any]:
    """Those options that this Blender's operator knows; importers gain and lose some with every version."""
    known = {p.identifier for p in operator.get_rna_type().properties}
    return {name: value for name, value in options.items() if name in known}


def prompt_field(layout: bpy.types.UILayout, data: Any, name: str, placeholder: str) -> None:
    """A text of several lines where this Blender has it (5.2), one line elsewhere."""
    if hasattr(layout, "textbox"):
        layout.textbox(data, name, initial_visible_lines=3, placeholder=placeholder)
    else:
        layout.prop(data, name, text="", placeholder=placeholder)


def enable_nodes(material: bpy.types.Material) -> None:
    """New materials have nodes from 5.0 on, where the property is deprecated."""
    if bpy.app.version < (5, 0, 0):
        material.use_nodes = True


def session_uid(data: bpy.types.ID) -> int:
    """A number that names a data-block in this run of Blender: renaming and undo keep it, loading a file does not."""
    return int(data.session_uid)


def is_busy() -> bool:
    """Whether Blender is in the middle of something that an import would disturb (a render, a grab, a drag)."""
    if any(bpy.app.is_job_running(job) for job in ("RENDER", "OBJECT_BAKE")):
        return True
    manager = bpy.context.window_manager
    return manager is not None and any(_modal_operators(window) for window in manager.windows)


def _modal_operators(window: bpy.types.Window) -> list[str]:
    # Blender's own end with the mouse button; those of add-ons may run for hours and hold nothing.
    is_addons = bpy.types.Operator.bl_rna_get_subclass_py
    return [op.bl_idname for op in window.modal_operators if is_addons(op.bl_idname) is None]
