"""Operators that write the prompt of the panel."""

from bpy.props import StringProperty
from bpy.types import Context, Operator

from .. import pump


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


CLASSES = (DREAMFUSION_OT_use_prompt,)
