"""The prompt and the settings of the next job."""

from __future__ import annotations

from typing import Any

from bpy.types import Context, Menu, UILayout

from .. import compat, preferences, prompting, session
from ..core import preset_choice
from ..core.prompt_note import PromptNote
from ..core.translate import tr
from . import widgets
from .start import draw_summary
from .tab import text_width

LABEL_SHARE = 0.4  # of the width, as in Blender's property split
QUESTION_WIDTH = 420


class DREAMFUSION_MT_presets(Menu):
    """The presets that suit the model, and the current one."""

    bl_idname = "DREAMFUSION_MT_presets"
    bl_label = "Preset"

    def draw(self, context: Context) -> None:
        settings = context.scene.dreamfusion
        names = preset_choice.suited(prompting.facts_of(settings))
        for name in names if settings.preset in names else (*names, settings.preset):
            self.layout.prop_enum(settings, "preset", name)


def draw_prompt(layout: UILayout, context: Context, width: float) -> None:
    """Draws the fields of the next job and the button that starts it."""
    settings = context.scene.dreamfusion
    has_vocabulary = prompting.facts_of(settings).vocabulary is not None
    compat.prompt_field(layout, settings, "prompt", placeholder="A red mushroom")
    draw_note(layout, prompting.note_of(settings), width, has_vocabulary=has_vocabulary)
    column = layout.column(align=True)
    column.use_property_split = True
    column.use_property_decorate = False
    column.prop(settings, "prior")
    draw_model_note(column, settings, width)
    draw_preset(column, settings)
    if settings.preset not in preset_choice.suited(prompting.facts_of(settings)):
        widgets.wrapped(column, tr("This preset is for other models."), width, icon="INFO")
    row = column.row(align=True)
    row.prop(settings, "seed")
    row.operator("dreamfusion.new_seed", text="", icon="FILE_REFRESH")
    column.prop(settings, "variations")
    preferences.draw_run_on(session.preferences(), column)
    draw_memory_check(layout, session.model_to_check(settings), width)
    draw_model_check(layout, session.model_to_check(settings), width)
    draw_summary(layout, context)
    button = layout.column()
    button.scale_y = 1.5
    button.operator("dreamfusion.generate", icon="SHADERFX")


def draw_note(layout: UILayout, note: PromptNote, width: float, *, has_vocabulary: bool) -> None:
    """Draws the note on the prompt: one row of constant height, because Blender does not move the panels below while the user
    types."""
    if note.is_error:
        widgets.wrapped(layout, note.texts[0], width, icon="ERROR", alert=True)
    row = layout.row(align=True)
    if note.has_lines:
        row.label(text=note.short, icon="INFO", translate=False)
        row.operator("dreamfusion.prompt_to_list", icon="SCENE_DATA")
    elif note.fixes:
        draw_fixes(row, note)
    elif note.lacks_object:
        split = row.split(factor=0.6)
        split.label(text=note.short, icon="INFO", translate=False)
        split.operator("dreamfusion.choose_word", text="See List", icon="VIEWZOOM")
        return
    elif note.short:
        row.label(text=note.short, icon="CHECKMARK" if note.is_good else "INFO", translate=False)
    if has_vocabulary:
        is_alone = not (note.short or note.has_lines)
        row.operator("dreamfusion.choose_word", text="Objects and Colors" if is_alone else "", icon="VIEWZOOM")


def draw_plain_note(layout: UILayout, context: Context, prompt: str) -> None:
    """Draws the note on the prompt of a section, without corrections: always one row, see `draw_note`."""
    note = prompting.note_of_text(prompt, context.scene.dreamfusion.prior)
    if note.is_error:
        widgets.wrapped(layout, note.texts[0], text_width(context), icon="ERROR", alert=True)
        return
    icon = "CHECKMARK" if note.is_good else "INFO" if note.short else "NONE"
    layout.label(text=note.short, icon=icon, translate=False)


def draw_fixes(layout: UILayout, note: PromptNote) -> None:
    """Draws the corrections of a prompt."""
    for fix in note.fixes:
        layout.operator(
            "dreamfusion.use_prompt", text=fix.label, icon="GREASEPENCIL", translate=False
        ).prompt = fix.prompt


def ask(context: Context, note: PromptNote, operator: str) -> None:
    """Opens a menu with the choices for prompts that a job cannot follow. `operator` starts the jobs anyway."""

    def draw(menu: Menu, context: Context) -> None:
        layout = menu.layout
        layout.operator_context = "INVOKE_DEFAULT"
        scale = context.preferences.system.ui_scale
        for text in note.texts:
            widgets.wrapped(layout, text, QUESTION_WIDTH * scale)
        layout.separator()
        draw_fixes(layout, note)
        if note.has_lines:
            layout.operator("dreamfusion.prompt_to_list", icon="SCENE_DATA")
        if note.lacks_object:
            layout.operator("dreamfusion.choose_word", icon="VIEWZOOM")
            layout.operator("dreamfusion.show_models", icon="PREFERENCES")
        layout.separator()
        layout.operator(operator, text="Generate Anyway", icon="SHADERFX").is_confirmed = True

    context.window_manager.popup_menu(draw, title=tr("Generate this prompt?"), icon="QUESTION")


def draw_preset(layout: UILayout, settings: Any) -> None:
    """Draws the menu of presets. A property would list the presets of all models."""
    split = layout.split(factor=LABEL_SHARE, align=True)
    label = split.row()
    label.alignment = "RIGHT"
    label.label(text="Preset")
    current = settings.bl_rna.properties["preset"].enum_items[settings.preset]
    split.menu(DREAMFUSION_MT_presets.bl_idname, text=tr(current.name), translate=False)


def draw_model_note(layout: UILayout, settings: Any, width: float) -> None:
    """Draws why the model cannot be used."""
    text, fix = prompting.model_note(settings)
    if not text:
        return
    widgets.wrapped(layout, text, width, icon="ERROR", alert=True)
    if fix is not None:
        button = layout.operator("dreamfusion.use_model", text=fix.label, icon="GREASEPENCIL", translate=False)
        button.model = fix.prompt
    else:
        layout.operator("dreamfusion.show_models", icon="PREFERENCES")


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


def draw_model_check(layout: UILayout, model: tuple[str, str], width: float) -> None:
    """Draws the button that checks a large model, its progress, and its findings."""
    if not model[0]:
        return
    check = session.state.model_check
    if check is not None and check.is_running:
        row = layout.row(align=True)
        row.progress(factor=check.progress.fraction or 0.0, text=check.progress.message, translate=False)
        row.operator("dreamfusion.stop_model_check", text="", icon="X")
        return
    layout.operator("dreamfusion.check_model", icon="VIEWZOOM")
    if check is None or check.about != model:
        return
    if not check.findings:
        widgets.wrapped(layout, check.progress.message, width, icon="ERROR", alert=True)
    for is_good, text in check.findings:
        icon = {None: "DOT", True: "CHECKMARK", False: "ERROR"}[is_good]
        widgets.wrapped(layout, text, width, icon=icon, alert=is_good is False)
    if check.findings:
        layout.operator("wm.path_open", text=tr("Show Pictures"), icon="IMAGE_DATA", translate=False).filepath = str(
            check.pictures
        )


CLASSES = (DREAMFUSION_MT_presets,)
