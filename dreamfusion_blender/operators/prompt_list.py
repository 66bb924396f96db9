"""Operators of the list of prompts that is typed in the tab."""

from typing import Any

from bpy.props import IntProperty
from bpy.types import Context, Operator

from ..core.translate import tr


class PromptOperator:
    """Base of the operators that change the selected prompt."""

    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    @classmethod
    def poll(cls, context: Context) -> bool:
        settings: Any = context.scene.dreamfusion  # type: ignore[attr-defined]
        return 0 <= settings.prompts_row < len(settings.prompts)


class DREAMFUSION_OT_add_prompt(Operator):
    """Add a prompt to the list"""

    bl_idname = "dreamfusion.add_prompt"
    bl_label = "Add Prompt"
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    def execute(self, context: Context) -> set[str]:
        add(context.scene.dreamfusion, [""])
        return {"FINISHED"}


class DREAMFUSION_OT_paste_prompts(Operator):
    """Add each line of the clipboard to the list"""

    bl_idname = "dreamfusion.paste_prompts"
    bl_label = "Paste Prompts"
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    def execute(self, context: Context) -> set[str]:
        lines = [line.strip() for line in context.window_manager.clipboard.splitlines() if line.strip()]
        if not lines:
            self.report({"WARNING"}, tr("The clipboard has no text."))
            return {"CANCELLED"}
        add(context.scene.dreamfusion, lines)
        return {"FINISHED"}


class DREAMFUSION_OT_remove_prompt(PromptOperator, Operator):
    """Remove the selected prompt from the list"""

    bl_idname = "dreamfusion.remove_prompt"
    bl_label = "Remove Prompt"

    def execute(self, context: Context) -> set[str]:
        settings = context.scene.dreamfusion
        settings.prompts.remove(settings.prompts_row)
        settings.prompts_row = max(0, min(settings.prompts_row, len(settings.prompts) - 1))
        return {"FINISHED"}


class DREAMFUSION_OT_move_prompt(PromptOperator, Operator):
    """Move the selected prompt up or down in the list"""

    bl_idname = "dreamfusion.move_prompt"
    bl_label = "Move Prompt"

    step: IntProperty(
        name="Step", description="Number of places to move. Negative values move up", default=-1, options={"SKIP_SAVE"}
    )

    def execute(self, context: Context) -> set[str]:
        settings = context.scene.dreamfusion
        target = max(0, min(settings.prompts_row + self.step, len(settings.prompts) - 1))
        settings.prompts.move(settings.prompts_row, target)
        settings.prompts_row = target
        return {"FINISHED"}


def add(settings: Any, lines: list[str]) -> None:
    """Inserts prompts after the selected one, and selects the last of them."""
    for line in lines:
        settings.prompts.add().name = line
        last = len(settings.prompts) - 1
        place = min(settings.prompts_row + 1, last)
        settings.prompts.move(last, place)
        settings.prompts_row = place


CLASSES = (
    DREAMFUSION_OT_add_prompt,
    DREAMFUSION_OT_paste_prompts,
    DREAMFUSION_OT_remove_prompt,
    DREAMFUSION_OT_move_prompt,
)
