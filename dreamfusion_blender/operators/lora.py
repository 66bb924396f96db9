"""Operators of the list of LoRA files."""

from pathlib import Path
from typing import Any

import bpy
from bpy.props import IntProperty, StringProperty
from bpy.types import Context, Event, Operator

from ..core.translate import tr


class DREAMFUSION_OT_add_lora(Operator):
    """Add a LoRA file, which changes the style or the subjects of a large model"""

    bl_idname = "dreamfusion.add_lora"
    bl_label = "Add LoRA"
    bl_options = {"REGISTER", "UNDO"}

    filepath: StringProperty(
        name="File", description="LoRA as a .safetensors file", subtype="FILE_PATH", options={"SKIP_SAVE"}
    )
    filter_glob: StringProperty(default="*.safetensors", options={"HIDDEN"})

    def invoke(self, context: Context, _event: Event) -> set[str]:
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def execute(self, context: Context) -> set[str]:
        path = Path(bpy.path.abspath(self.filepath))
        if not path.is_file():
            self.report({"WARNING"}, tr("Choose a .safetensors file."))
            return {"CANCELLED"}
        settings: Any = context.scene.dreamfusion  # type: ignore[attr-defined]
        settings.loras.add().path = str(path)
        return {"FINISHED"}


class DREAMFUSION_OT_remove_lora(Operator):
    """Remove this LoRA from the list. The file is kept"""

    bl_idname = "dreamfusion.remove_lora"
    bl_label = "Remove LoRA"
    bl_options = {"REGISTER", "UNDO"}

    index: IntProperty(name="Row", description="Row of the list", min=0, options={"SKIP_SAVE"})

    def execute(self, context: Context) -> set[str]:
        settings: Any = context.scene.dreamfusion  # type: ignore[attr-defined]
        if self.index >= len(settings.loras):
            return {"CANCELLED"}
        settings.loras.remove(self.index)
        return {"FINISHED"}


CLASSES = (DREAMFUSION_OT_add_lora, DREAMFUSION_OT_remove_lora)
