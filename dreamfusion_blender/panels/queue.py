"""A long queue: a summary, and a list with one row for each job."""

from __future__ import annotations

from typing import Any

from bpy.types import Context, UILayout, UIList

from .. import session
from ..backend.jobs import states
from ..core.actions import CANCEL_ALL, MARK_ALL, RESUME_ALL, RETRY_FAILED, SELECT_ALL
from ..core.present import JobView
from ..core.queue import ListView, QueueView
from ..core.tally import SINGLE
from ..core.translate import tr
from .jobs import draw_action

ROWS = 6
MOST_LISTS = 8  # that are drawn
TO_FRONT = -1_000_000  # more places than a queue has


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
    box, whole = layout.box(), queue.whole
    is_only = len(queue.lists) == 1
    for one in queue.lists[:MOST_LISTS]:
        draw_list(box, one, is_only=is_only)
    if len(queue.lists) > MOST_LISTS:
        box.label(text=tr("All lists: {text}").format(text=whole.text), translate=False)
    if queue.rows:
        draw_rows(box, context, queue, shown)
    row = box.row(align=True)
    if whole.can_cancel:
        draw_action(row, CANCEL_ALL)
    if whole.failed:
        draw_action(row, RETRY_FAILED)
    if whole.canceled:
        draw_action(row, RESUME_ALL)
    if shown is not None and shown.group and not whole.can_cancel:
        row = box.row(align=True)
        for action in (SELECT_ALL, MARK_ALL):
            draw_action(row, action, shown.id).whole_group = True


def draw_list(layout: UILayout, one: ListView, *, is_only: bool) -> None:
    """Draws the progress of a list in one row, with a button that shows or hides its jobs.

    Args:
        is_only: The buttons below the queue act on it.
    """
    row = layout.row(align=True)
    icon = "DISCLOSURE_TRI_DOWN" if one.is_open else "DISCLOSURE_TRI_RIGHT"
    row.operator("dreamfusion.fold_list", text="", icon=icon, emboss=False).group = one.id
    if one.id == SINGLE:
        row.label(text=one.text, translate=False)
        return
    text = one.bar_text if is_only else f"{one.name}: {one.bar_text}"
    row.progress(text=text, factor=one.fraction, translate=False)
    if is_only:
        return
    if one.failed:
        draw_action(row, RETRY_FAILED, text="").group = one.id
    if one.can_cancel:
        draw_action(row, CANCEL_ALL, text="").group = one.id


def draw_rows(layout: UILayout, context: Context, queue: QueueView, shown: JobView | None) -> None:
    """Draws a row for each job of the open lists, and buttons that move the shown job."""
    row = layout.row()
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
    if queue.whole.can_move > 1:
        column = row.column(align=True)
        column.enabled = shown is not None and shown.can_move
        for icon, step in (("TRIA_UP_BAR", TO_FRONT), ("TRIA_UP", -1), ("TRIA_DOWN", 1)):
            column.operator("dreamfusion.move_job", text="", icon=icon).step = step


CLASSES = (DREAMFUSION_UL_queue,)
