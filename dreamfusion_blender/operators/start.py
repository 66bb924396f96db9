"""Operators about starting from objects: the one in the menu, with a dialog, and the choice of other objects."""

from collections.abc import Sequence

from bpy.types import Context, Event, Operator

from .. import compat
from ..core.job import Job
from ..core.translate import tr
from ..panels.start import draw_objects, draw_options
from ..starting import chosen, geometry
from .generate import GenerateOperator

DIALOG_WIDTH = 340


class DREAMFUSION_OT_start_from_selected(GenerateOperator, Operator):
    """Generate an object from the prompt that starts from the selected objects and stands in their place"""

    bl_idname = "dreamfusion.start_from_selected"
    bl_label = "Start From Selected"

    def invoke(self, context: Context, _event: Event) -> set[str]:
        return context.window_manager.invoke_props_dialog(self, width=DIALOG_WIDTH, confirm_text=tr("Generate"))

    def draw(self, context: Context) -> None:
        layout, scene = self.layout, context.scene
        draw_objects(layout, geometry.usable(context.view_layer))
        compat.prompt_field(layout, scene.dreamfusion, "prompt", placeholder="A red mushroom")
        draw_options(layout, scene.dreamfusion_start)

    def start(self, context: Context) -> Sequence[Job]:
        return self.submit_from(context, geometry.usable(context.view_layer))


class DREAMFUSION_OT_use_selected(Operator):
    """Start from the objects that are selected now, instead of the earlier ones"""

    bl_idname = "dreamfusion.use_selected"
    bl_label = "Use Selected"
    bl_options = {"REGISTER", "UNDO", "INTERNAL"}

    @classmethod
    def poll(cls, context: Context) -> bool:
        return bool(geometry.usable(context.view_layer))

    def execute(self, context: Context) -> set[str]:
        chosen.remember(context.scene, geometry.usable(context.view_layer))
        return {"FINISHED"}


CLASSES = (DREAMFUSION_OT_start_from_selected, DREAMFUSION_OT_use_selected)
