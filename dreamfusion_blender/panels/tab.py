"""What all panels of the sidebar tab share."""

from __future__ import annotations

from bpy.types import Context

from ..core.translate import CONTEXT

CATEGORY = "DreamFusion"


class TabPanel:
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = CATEGORY
    bl_translation_context = CONTEXT


def text_width(context: Context) -> float:
    """Available width for text in this region, in pixels."""
    return context.region.width - 44.0 * context.preferences.system.ui_scale
