"""Scene from List: one object for each prompt of a list."""

from __future__ import annotations

from bpy.types import Context, Panel

from .tab import TabPanel


class DREAMFUSION_PT_list(TabPanel, Panel):
    bl_idname = "DREAMFUSION_PT_list"
    bl_label = "Scene from List"
    bl_parent_id = "DREAMFUSION_PT_main"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: Context) -> None:
        column, settings = self.layout.column(), context.scene.dreamfusion
        column.template_ID(settings, "prompt_list", new="text.new", open="text.open")
        column.use_property_split = True
        column.use_property_decorate = False
        column.row().prop(settings, "pattern", expand=True)
        column.prop(settings, "gap")
        column.operator("dreamfusion.generate_scene", icon="SCENE_DATA")


CLASSES = (DREAMFUSION_PT_list,)
