"""The section that lets jobs start from the selected objects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bpy.types import Context, Panel, UILayout

from ..core.translate import tr
from ..starting.chosen import objects_of
from .stage import StagePanel

SHOWN = 4  # names in the section


class DREAMFUSION_PT_start(StagePanel, Panel):
    bl_idname = "DREAMFUSION_PT_start"
    bl_label = "Start From"

    def draw_header(self, context: Context) -> None:
        self.layout.prop(context.scene.dreamfusion_start, "use", text="")

    def draw(self, context: Context) -> None:
        layout, settings = self.layout, context.scene.dreamfusion_start
        layout.active = settings.use
        draw_objects(layout, objects_of(context.scene, context.view_layer))
        if settings.objects:
            layout.operator("dreamfusion.use_selected", icon="RESTRICT_SELECT_OFF")
        draw_options(layout, settings)


def draw_objects(layout: UILayout, objects: Sequence[Any]) -> None:
    """Draws the names of the objects that a job would start from."""
    if not objects:
        layout.label(text="Select the objects to start from.", icon="INFO")
        return
    column = layout.column(align=True)
    shown = objects if len(objects) <= SHOWN else objects[: SHOWN - 1]
    for obj in shown:
        icon = "OUTLINER_OB_EMPTY" if obj.type == "EMPTY" else f"OUTLINER_OB_{obj.type}"
        column.label(text=obj.name, icon=icon, translate=False)
    if more := len(objects) - len(shown):
        column.label(text=tr("and {count} more").format(count=more), icon="BLANK1", translate=False)


def draw_options(layout: UILayout, chosen: Any) -> None:
    """Draws the options of a start, in the section and in the dialog."""
    column = layout.column(align=True)
    column.prop(chosen, "freedom", slider=True)
    ends = column.row()
    ends.scale_y = 0.8
    ends.label(text="Keep the silhouette")
    right = ends.row()
    right.alignment = "RIGHT"
    right.label(text="Just a hint")
    column = layout.column()
    column.use_property_split = True
    column.use_property_decorate = False
    column.prop(chosen, "front")
    column.prop(chosen, "hide_originals")


def draw_summary(layout: UILayout, context: Context) -> None:
    """Draws one row about what the next job starts from, because the section may be closed."""
    if not context.scene.dreamfusion_start.use:
        return
    objects = objects_of(context.scene, context.view_layer)
    if not objects:
        layout.label(text="Select the objects to start from.", icon="INFO")
    elif len(objects) == 1:
        text = tr('Starts from "{name}"').format(name=objects[0].name)
        layout.label(text=text, icon="MOD_REMESH", translate=False)
    else:
        text = tr("Starts from {count} objects").format(count=len(objects))
        layout.label(text=text, icon="MOD_REMESH", translate=False)


CLASSES = (DREAMFUSION_PT_start,)
