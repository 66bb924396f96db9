"""A long queue: a summary, and a list with one row for each job."""

from __future__ import annotations

from typing import Any

from bpy.types import Context, UILayout, UIList

from .. import session
from ..backend.jobs import states
from ..core.actions import CANCEL_ALL, MARK_ALL, RESUME_ALL, RETRY_FAILED, SELECT_ALL
from ..core.present import JobView
from ..core.queue import QueueView
from .jobs import draw_action

ROWS = 6


class DREAMFUSION_UL_queue(UIList):
    bl_idname = "DREAMFUSION_UL_queue"

    def draw_item(  # Blender counts the parameters
        self, _context: Context, layout: UILayout, _data: Any, item: Any, _icon: int, _active: Any, _property: str
    ) -> None:
        view = session.state.views.get(item.name)
        if view is not None:
            draw_row(layout, view)


def draw_row(layout: UILayout, view: JobView) -> None:
    split = layout.split(factor=0.66)
    split.label(text=f"{view.place}: {view.name}" if view.place else view.name, icon=view.icon, translate=False)
    row = split.row()
    row.alignment = "RIGHT"
    row.alert = view.status in (states.FAILED, states.DIED)
    row.label(text=view.status_text, translate=False)


def draw_queue(layout: UILayout, context: Context, queue: QueueView, shown: JobView | None) -> None:
    """Draws the queue as a list. The selected row is the job that the panel shows in full.

    Args:
        shown: That job.
    """
    box = layout.box()
    if queue.groups:
        box.progress(text=queue.text, factor=queue.fraction, translate=False)
    else:
        box.label(text=queue.text, icon="SORTTIME", translate=False)
    row = box.row()
    row.template_list(
        DREAMFUSION_UL_queue.bl_idname,
        "",
        context.window_manager,
        "dreamfusion_queue",
        context.window_manager,
        "dreamfusion_queue_row",
        item_dyntip_propname="prompt",
        rows=min(ROWS, len(queue.rows)),
        maxrows=ROWS,
    )
    if queue.can_move:
        column = row.column(align=True)
        column.enabled = shown is not None and shown.can_move
        for icon, step in (("TRIA_UP", -1), ("TRIA_DOWN", 1)):
            column.operator("dreamfusion.move_job", text="", icon=icon).step = step
    row = box.row(align=True)
    if queue.live:
        draw_action(row, CANCEL_ALL)
    if queue.failed:
        draw_action(row, RETRY_FAILED)
    if queue.canceled:
        draw_action(row, RESUME_ALL)
    if shown is not None and shown.group and not queue.live:
        row = box.row(align=True)
        for action in (SELECT_ALL, MARK_ALL):
            draw_action(row, action, shown.id).whole_group = True


CLASSES = (DREAMFUSION_UL_queue,)
