"""The history of ended jobs."""

from __future__ import annotations

from bpy.types import Context, Panel, UILayout

from .. import pictures, session
from .jobs import draw_ended
from .tab import TabPanel


class DREAMFUSION_PT_history(TabPanel, Panel):
    bl_idname = "DREAMFUSION_PT_history"
    bl_label = "History"
    bl_parent_id = "DREAMFUSION_PT_main"
    bl_options = {"DEFAULT_CLOSED"}

    def draw(self, context: Context) -> None:
        layout, history = self.layout, session.state.history
        layout.prop(context.window_manager, "dreamfusion_search", text="", icon="VIEWZOOM")
        if not history.rows:
            layout.label(text="No matching jobs" if session.state.search else "No jobs yet")
        for view in history.rows:
            draw_ended(layout, view, pictures.icon_of(view.id))
        if history.pages > 1:
            row = layout.row(align=True)
            draw_page_button(row, "TRIA_LEFT", -1, enabled=history.number > 0)
            row.label(text=f"{history.number + 1} / {history.pages}", translate=False)
            draw_page_button(row, "TRIA_RIGHT", 1, enabled=history.number < history.pages - 1)


def draw_page_button(layout: UILayout, icon: str, step: int, *, enabled: bool) -> None:
    row = layout.row()
    row.enabled = enabled
    row.operator("dreamfusion.history_page", text="", icon=icon).step = step


CLASSES = (DREAMFUSION_PT_history,)
