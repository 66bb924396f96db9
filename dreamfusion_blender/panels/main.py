"""The main panel of the sidebar tab. The panels only draw views: no file access, no processes, no decisions."""

from __future__ import annotations

from typing import Any

import bpy
from bpy.types import Context, Panel, UILayout

from .. import compat, pictures, session
from ..backend.catalog.lookup import BUILTIN
from ..core import real_sizes
from ..core.actions import RESTART
from ..core.present import Message
from ..core.translate import tr
from .jobs import draw_job, draw_live, draw_message
from .prompt import draw_prompt
from .queue import draw_queue
from .setup import draw_setup
from .steps import draw_steps, shows_steps
from .tab import TabPanel, text_width


class DREAMFUSION_PT_main(TabPanel, Panel):
    bl_idname = "DREAMFUSION_PT_main"
    bl_label = "DreamFusion"

    def draw(self, context: Context) -> None:
        layout, state, width = self.layout, session.state, text_width(context)
        uid = compat.session_uid(context.scene)
        message, is_first = state.messages.get(uid), shows_steps(context)
        if is_first:
            draw_steps(layout, context, width)
        else:
            draw_prompt(layout, context, width)
        if message is not None:
            draw_message(layout, message, width)
        if unseen := state.unseen.get(uid):
            draw_message(layout, unseen, width)
        if not is_first:
            draw_setup(layout, width, shows_problem=message is None)
        if state.pump_error:
            text = tr("DreamFusion hit an error ({error}) and stopped updating. Running jobs are not affected.")
            draw_message(layout, Message(text.format(error=state.pump_error), actions=(RESTART,)), width)
        job_id = state.current.get(uid, "")
        if view := state.views.get(job_id):
            draw_job(layout, view, pictures.icon_of(job_id), width)
        if state.queue.is_long:
            draw_queue(layout, context, state.queue, view)
            return
        for other in state.live:
            if other.id != job_id:
                draw_live(layout, other, pictures.icon_of(other.id))


class DREAMFUSION_PT_advanced(TabPanel, Panel):
    bl_idname = "DREAMFUSION_PT_advanced"
    bl_label = "Advanced"
    bl_parent_id = "DREAMFUSION_PT_main"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: Context) -> None:
        column = self.layout.column()
        column.use_property_split = True
        column.use_property_decorate = False
        column.prop(context.scene.dreamfusion, "negative_prompt")
        if context.scene.dreamfusion.prior != BUILTIN:
            draw_loras(column, context.scene.dreamfusion)
        column.prop(context.scene.dreamfusion, "overrides")
        column.prop(context.scene.dreamfusion, "size")
        if context.scene.dreamfusion.size != real_sizes.GENERATED:
            column.prop(context.scene.dreamfusion, "length")
        column.operator("dreamfusion.open_preferences", icon="PREFERENCES")


def draw_loras(layout: UILayout, settings: Any) -> None:
    """Draws the list of LoRA files of a large model."""
    for index, line in enumerate(settings.loras):
        row = layout.row(align=True)
        row.prop(line, "weight", text=bpy.path.display_name_from_filepath(line.path), translate=False)
        row.operator("dreamfusion.remove_lora", text="", icon="X").index = index
    layout.operator("dreamfusion.add_lora", icon="ADD")


CLASSES = (DREAMFUSION_PT_main, DREAMFUSION_PT_advanced)
