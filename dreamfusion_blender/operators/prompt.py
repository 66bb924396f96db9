"""Operators that write the prompt of the panel."""

from typing import Any

import bpy
from bpy.props import EnumProperty, StringProperty
from bpy.types import Context, Event, Operator

from .. import compat, prompting, pump, session
from ..core.present import Message
from ..core.prompt_edit import with_word
from ..core.translate import tr

# Blender does not keep the texts of items that a function returns.
_items: list[tuple[str, str, str]] = []


def _words(_operator: Any, context: Any) -> list[tuple[str, str, str]]:
    if context is not None and context.scene is not None:
        _items[:] = prompting.words_of(context.scene.dreamfusion)
    return _items


class DREAMFUSION_OT_use_prompt(Operator):
    """Use this prompt"""

    bl_idname = "dreamfusion.use_prompt"
    bl_label = "Use Prompt"
    bl_options = {"UNDO", "INTERNAL"}

    prompt: StringProperty(name="Prompt", options={"SKIP_SAVE", "HIDDEN"})

    def execute(self, context: Context) -> set[str]:
        context.scene.dreamfusion.prompt = self.prompt
        pump.redraw()
        return {"FINISHED"}


class DREAMFUSION_OT_use_model(Operator):
    """Use this model"""

    bl_idname = "dreamfusion.use_model"
    bl_label = "Use Model"
    bl_options = {"UNDO", "INTERNAL"}

    model: StringProperty(name="Model", options={"SKIP_SAVE", "HIDDEN"})

    def execute(self, context: Context) -> set[str]:
        context.scene.dreamfusion.prior = self.model
        pump.redraw()
        return {"FINISHED"}


class DREAMFUSION_OT_choose_word(Operator):
    """Search the objects and colors that the model can make, and put one in the prompt"""

    bl_idname = "dreamfusion.choose_word"
    bl_label = "Objects and Colors"
    bl_options = {"UNDO", "INTERNAL"}
    bl_property = "word"

    word: EnumProperty(name="Word", items=_words, options={"SKIP_SAVE", "HIDDEN"})

    @classmethod
    def poll(cls, context: Context) -> bool:
        return prompting.facts_of(context.scene.dreamfusion).vocabulary is not None

    def invoke(self, context: Context, _event: Event) -> set[str]:
        context.window_manager.invoke_search_popup(self)
        return {"RUNNING_MODAL"}

    def execute(self, context: Context) -> set[str]:
        settings = context.scene.dreamfusion
        settings.prompt = with_word(settings.prompt, self.word, prompting.facts_of(settings).vocabulary)
        pump.redraw()
        return {"FINISHED"}


class DREAMFUSION_OT_prompt_to_list(Operator):
    """Move the lines of the prompt to a list, with one object for each line"""

    bl_idname = "dreamfusion.prompt_to_list"
    bl_label = "Scene from List"
    bl_options = {"UNDO", "INTERNAL"}

    def execute(self, context: Context) -> set[str]:
        settings = context.scene.dreamfusion
        lines = [line.strip() for line in settings.prompt.splitlines() if line.strip()]
        if not lines:
            return {"CANCELLED"}
        settings.prompt_list, settings.prompts_text, settings.prompt = None, "\n".join(lines), ""
        note = tr("The list has {count} lines. Click Generate Scene.").format(count=len(lines))
        session.state.messages[compat.session_uid(context.scene)] = Message(note, is_error=False)
        pump.redraw()
        return {"FINISHED"}


class DREAMFUSION_OT_show_models(Operator):
    """Open the list of models in the preferences"""

    bl_idname = "dreamfusion.show_models"
    bl_label = "Large Models"
    bl_options = {"INTERNAL"}

    def execute(self, _context: Context) -> set[str]:
        if found := session.preferences():
            found.shows_models = True
        bpy.ops.preferences.addon_show(module=session.PACKAGE)
        return {"FINISHED"}


CLASSES = (
    DREAMFUSION_OT_use_prompt,
    DREAMFUSION_OT_use_model,
    DREAMFUSION_OT_choose_word,
    DREAMFUSION_OT_prompt_to_list,
    DREAMFUSION_OT_show_models,
)
