"""Scene from List: one object for each prompt of a list."""

from __future__ import annotations

from typing import Any

from bpy.types import Context, Panel, UILayout, UIList

from .. import compat, session
from .tab import TabPanel

ROWS = 5


class DREAMFUSION_UL_prompts(UIList):
    bl_idname = "DREAMFUSION_UL_prompts"

    def draw_item(  # Blender counts the parameters
        self, _context: Context, layout: UILayout, _data: Any, item: Any, _icon: int, _active: Any, _property: str
    ) -> None:
        layout.prop(item, "name", text="", emboss=False, placeholder="A red mushroom")


class DREAMFUSION_PT_list(TabPanel, Panel):
    bl_idname = "DREAMFUSION_PT_list"
    bl_label = "Scene from List"
    bl_parent_id = "DREAMFUSION_PT_main"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: Context) -> None:
        column, settings = self.layout.column(), context.scene.dreamfusion
        column.template_ID(settings, "prompt_list", new="text.new", open="text.open")
        if settings.prompt_list is None:
            draw_prompts(column, settings)
        column.use_property_split = True
        column.use_property_decorate = False
        column.row().prop(settings, "pattern", expand=True)
        column.prop(settings, "gap")
        column.operator("dreamfusion.generate_scene", icon="SCENE_DATA")
        found = session.preferences()
        if found is not None and found.flamenco:
            column.operator("dreamfusion.submit_to_flamenco", icon="NETWORK_DRIVE")


def draw_prompts(layout: UILayout, settings: Any) -> None:
    """Draws the list that is typed in the tab: as text, or with a row for each prompt in versions without such a field."""
    if compat.has_text_box(layout):
        compat.prompt_field(
            layout,
            settings,
            "prompts_text",
            placeholder="One prompt per line. Shift Enter starts a new line",
            lines=ROWS,
        )
        return
    row = layout.row()
    row.template_list(
        DREAMFUSION_UL_prompts.bl_idname, "", settings, "prompts", settings, "prompts_row", rows=ROWS, maxrows=ROWS
    )
    column = row.column(align=True)
    column.operator("dreamfusion.add_prompt", text="", icon="ADD")
    column.operator("dreamfusion.remove_prompt", text="", icon="REMOVE")
    column.operator("dreamfusion.paste_prompts", text="", icon="PASTEDOWN")
    column.separator()
    for icon, step in (("TRIA_UP", -1), ("TRIA_DOWN", 1)):
        column.operator("dreamfusion.move_prompt", text="", icon=icon).step = step


CLASSES = (DREAMFUSION_UL_prompts, DREAMFUSION_PT_list)
