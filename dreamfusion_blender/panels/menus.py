"""Entries in Blender's Add and Object menus. Menu Search (F3) finds only operators that are in a menu."""

from __future__ import annotations

import bpy
from bpy.types import Context, Menu, UILayout

from .tab import CATEGORY

GENERATE = ("generate", "generate_scene", "new_seed")
JOB = ("pause", "unpause", "cancel", "resume", "import_result", "again", "edit_prompt", "show_log")
QUEUE = ("cancel_all", "retry_failed", "select_object", "mark_asset")
SETUP = ("install_runtime", "check_backend", "open_jobs_folder", "open_preferences", "restart")
STAGE = (
    "remove_lights",
    "turntable",
    "remove_turntable",
    "place_in_photo",
    "fit_photo",
    "remove_photo",
    "place_in_scene",
)


class DREAMFUSION_MT_add(Menu):
    bl_idname = "DREAMFUSION_MT_add"
    bl_label = CATEGORY

    def draw(self, _context: Context) -> None:
        for names in (GENERATE, JOB, QUEUE, SETUP):
            draw_operators(self.layout, names)


class DREAMFUSION_MT_object(Menu):
    bl_idname = "DREAMFUSION_MT_object"
    bl_label = CATEGORY

    def draw(self, _context: Context) -> None:
        layout = self.layout
        layout.operator_context = "INVOKE_DEFAULT"
        layout.operator("dreamfusion.start_from_selected")
        layout.operator("dreamfusion.texture").in_dialog = True
        layout.operator("dreamfusion.change").in_dialog = True
        layout.operator("dreamfusion.before_after")
        layout.separator()
        layout.operator_enum("dreamfusion.light_rig", "rig")
        draw_operators(layout, STAGE)
        layout.operator_enum("dreamfusion.arrange", "pattern")


def draw_operators(layout: UILayout, names: tuple[str, ...]) -> None:
    """Draws a section of a menu. Operators are invoked as in the panel."""
    layout.operator_context = "INVOKE_DEFAULT"
    for name in names:
        layout.operator(f"dreamfusion.{name}")
    layout.separator()


def _in_add(self: Menu, _context: Context) -> None:
    self.layout.menu(DREAMFUSION_MT_add.bl_idname, icon="SHADERFX")


def _in_object(self: Menu, _context: Context) -> None:
    self.layout.menu(DREAMFUSION_MT_object.bl_idname, icon="SHADERFX")


CLASSES = (DREAMFUSION_MT_add, DREAMFUSION_MT_object)


def attach() -> None:
    bpy.types.VIEW3D_MT_add.append(_in_add)  # type: ignore[attr-defined]
    bpy.types.VIEW3D_MT_object.append(_in_object)  # type: ignore[attr-defined]


def detach() -> None:
    bpy.types.VIEW3D_MT_object.remove(_in_object)  # type: ignore[attr-defined]
    bpy.types.VIEW3D_MT_add.remove(_in_add)  # type: ignore[attr-defined]
