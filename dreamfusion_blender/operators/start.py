"""The operator in the menu that starts from the selected objects, with a dialog."""

from collections.abc import Sequence

from bpy.types import Context, Event, Operator

from .. import compat
from ..core.job import Job
from ..core.translate import tr
from ..panels.start import draw_objects, draw_options
from ..starting import geometry
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


CLASSES = (DREAMFUSION_OT_start_from_selected,)
