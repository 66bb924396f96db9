"""Operators of the section Image."""

from typing import Any

import bpy
from bpy.types import Context, Operator

from .. import pump
from ..core.translate import tr
from ..image_prompt import viewport


class DREAMFUSION_OT_image_from_viewport(Operator):
    """Use a picture of the 3D Viewport as the image, without overlays and background. The side and the elevation are those of the view"""

    bl_idname = "dreamfusion.image_from_viewport"
    bl_label = "Use Viewport"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context: Context) -> set[str]:
        area = None if bpy.app.background else self._view(context)  # nothing is drawn without a window
        if area is None:
            self.report({"WARNING"}, tr("Open a 3D Viewport first."))
            return {"CANCELLED"}
        chosen: Any = context.scene.dreamfusion_image  # type: ignore[attr-defined]
        chosen.image = viewport.grab(context, area)
        chosen.azimuth, chosen.elevation = viewport.angles_of(area.spaces.active.region_3d)
        pump.redraw()
        return {"FINISHED"}

    def _view(self, context: Context) -> Any:
        if context.area is not None and context.area.type == "VIEW_3D":
            return context.area
        screen = context.screen
        return next((area for area in screen.areas if area.type == "VIEW_3D"), None) if screen is not None else None


CLASSES = (DREAMFUSION_OT_image_from_viewport,)
