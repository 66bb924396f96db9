"""The section that makes another version of the active object."""

from __future__ import annotations

from typing import Any

from bpy.types import Context, Panel, UILayout

from .. import compat
from ..core.naming import JOB_PROPERTY
from ..core.translate import tr
from .prompt import draw_plain_note
from .stage import StagePanel


class DREAMFUSION_PT_change(StagePanel, Panel):
    bl_idname = "DREAMFUSION_PT_change"
    bl_label = "Change"

    @classmethod
    def poll(cls, context: Context) -> bool:
        """Only for objects that a job made. Others can be painted."""
        obj = context.view_layer.objects.active
        return obj is not None and obj.get(JOB_PROPERTY) is not None

    def draw(self, context: Context) -> None:
        layout, chosen, obj = self.layout, context.scene.dreamfusion_change, context.view_layer.objects.active
        layout.label(text=obj.name, icon="OUTLINER_OB_MESH", translate=False)
        compat.prompt_field(layout, chosen, "prompt", placeholder="A blue mug", lines=2)
        draw_plain_note(layout, context, chosen.prompt)
        draw_options(layout, chosen, obj)
        button = layout.column()
        button.scale_y = 1.5
        button.operator("dreamfusion.change", text=tr("Change"), icon="MOD_REMESH", translate=False)


def draw_options(layout: UILayout, chosen: Any, obj: Any) -> None:
    """Draws the options of a change, in the section and in the dialog."""
    column = layout.column()
    column.use_property_split = True
    column.use_property_decorate = False
    column.prop(chosen, "amount", slider=True)
    column.label(text="The shape changes, too." if chosen.amount > 0.5 else "Only the colors change.", icon="INFO")
    column.prop(chosen, "region")
    if chosen.region == "GROUP":
        if obj is not None:
            column.prop_search(chosen, "vertex_group", obj, "vertex_groups")
        else:
            column.prop(chosen, "vertex_group")
    if obj is not None and obj.type == "MESH" and (obj.data.users > 1 or obj.data.library is not None):
        column.prop(chosen, "single_user")


CLASSES = (DREAMFUSION_PT_change,)
