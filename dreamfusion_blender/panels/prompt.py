"""The prompt and the settings of the next job."""

from __future__ import annotations

from bpy.types import Context, UILayout

from .. import compat, preferences, session
from ..core.translate import tr
from . import widgets


def draw_prompt(layout: UILayout, context: Context, width: float) -> None:
    """Draws the fields of the next job and the button that starts it."""
    settings = context.scene.dreamfusion
    compat.prompt_field(layout, settings, "prompt", placeholder="A red mushroom")
    column = layout.column(align=True)
    column.use_property_split = True
    column.use_property_decorate = False
    column.prop(settings, "prior")
    column.prop(settings, "preset")
    row = column.row(align=True)
    row.prop(settings, "seed")
    row.operator("dreamfusion.new_seed", text="", icon="FILE_REFRESH")
    column.prop(settings, "variations")
    preferences.draw_run_on(session.preferences(), column)
    draw_memory_check(layout, session.model_to_check(settings), width)
    button = layout.column()
    button.scale_y = 1.5
    button.operator("dreamfusion.generate", icon="SHADERFX")


def draw_memory_check(layout: UILayout, model: tuple[str, str], width: float) -> None:
    """Draws the button that checks whether a model fits in memory with a preset, and the result of the last check."""
    if not model[0]:
        return
    layout.operator("dreamfusion.check_backend", text=tr("Check Memory"), icon="MEMORY", translate=False)
    check = session.state.check
    if check is None or check.about != model:
        return
    is_good, text = check.diagnosis.memory
    icon = {None: "SORTTIME", True: "CHECKMARK", False: "ERROR"}[is_good]
    widgets.wrapped(layout, text, width, icon=icon, alert=is_good is False)
