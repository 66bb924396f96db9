"""The section with the reference image of new objects."""

from __future__ import annotations

from bpy.types import Context, Panel, UILayout

from .stage import StagePanel

THUMBNAIL = 5.0  # size


class DREAMFUSION_PT_image(StagePanel, Panel):
    bl_idname = "DREAMFUSION_PT_image"
    bl_label = "Image"

    def draw(self, context: Context) -> None:
        layout, chosen = self.layout, context.scene.dreamfusion_image
        layout.template_ID(chosen, "image", open="image.open")
        layout.operator("dreamfusion.image_from_viewport", icon="RESTRICT_RENDER_OFF")
        if chosen.image is None:
            layout.label(text="The front of new objects follows it.", icon="INFO")
            return
        layout.template_icon(UILayout.icon(chosen.image), scale=THUMBNAIL)
        column = layout.column()
        column.use_property_split = True
        column.use_property_decorate = False
        column.prop(chosen, "strength", slider=True)
        column.prop(chosen, "azimuth")
        column.prop(chosen, "elevation")


CLASSES = (DREAMFUSION_PT_image,)
