"""The section that paints the active mesh."""

from __future__ import annotations

from typing import Any

from bpy.types import Context, Panel, UILayout

from .. import compat, session
from ..core import model_facts
from ..core.translate import tr
from ..texturing import before_after
from .prompt import draw_plain_note
from .stage import StagePanel


class DREAMFUSION_PT_texture(StagePanel, Panel):
    bl_idname = "DREAMFUSION_PT_texture"
    bl_label = "Texture"

    def draw(self, context: Context) -> None:
        layout, chosen, obj = self.layout, context.scene.dreamfusion_texture, context.view_layer.objects.active
        is_mesh = obj is not None and obj.type == "MESH"
        if is_mesh:
            layout.label(text=obj.name, icon="OUTLINER_OB_MESH", translate=False)
        else:
            layout.label(text="Click a mesh object first.", icon="INFO")
        column = layout.column()
        column.enabled = is_mesh
        compat.prompt_field(column, chosen, "prompt", placeholder="A wooden barrel", lines=2)
        draw_plain_note(column, context, chosen.prompt)
        draw_options(column, chosen, obj if is_mesh else None, context.scene.dreamfusion.prior)
        button = column.column()
        button.scale_y = 1.5
        button.operator("dreamfusion.texture", text=tr("Texture"), icon="TEXTURE", translate=False)
        if before_after.can_switch(obj):
            is_after = before_after.shows_after(obj)
            row = column.row(align=True)
            row.operator("dreamfusion.before_after", text="Before", depress=not is_after).show = "BEFORE"
            row.operator("dreamfusion.before_after", text="After", depress=is_after).show = "AFTER"


def draw_options(layout: UILayout, chosen: Any, obj: Any, prior: str) -> None:
    """Draws the options of a texture, in the section and in the dialog.

    Args:
        prior: the model.
    """
    column = layout.column()
    column.use_property_split = True
    column.use_property_decorate = False
    column.prop(chosen, "strength", slider=True)
    has_uv = obj is None or len(obj.data.uv_layers) > 0
    if has_uv:
        column.prop(chosen, "uv_map")
    else:
        column.label(text="The object gets a UV map.", icon="INFO")
    column.prop(chosen, "mask")
    if chosen.mask == "GROUP":
        if obj is not None:
            column.prop_search(chosen, "vertex_group", obj, "vertex_groups")
        else:
            column.prop(chosen, "vertex_group")
    column.prop(chosen, "front")
    column.prop(chosen, "texture_px")
    if model_facts.takes_controlnet(session.prior_path(prior)):
        column.prop(chosen, "controlnet")
        column.prop(chosen, "controlnet_scale")
    if obj is not None and (obj.data.users > 1 or obj.data.library is not None):
        column.prop(chosen, "single_user")


CLASSES = (DREAMFUSION_PT_texture,)
