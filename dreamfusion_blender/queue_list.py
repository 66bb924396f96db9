"""The list of the queue in the panel.

Blender's lists show a collection of properties. It is a property of the window manager, which is not undone, and holds only
the ids of jobs. What the rows show is in the session.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import bpy
from bpy.props import CollectionProperty, IntProperty, StringProperty
from bpy.types import PropertyGroup, WindowManager

from . import compat, session
from .core import queue
from .core.queue import QueueView


def _prompt_of(row: PropertyGroup) -> str:
    view = session.state.views.get(row.name)
    return view.title if view is not None else ""


class QueueRow(PropertyGroup):
    """A row of the list. Its name is the id of a job."""

    prompt: StringProperty(get=_prompt_of)  # the tooltip of the row


def update() -> None:
    """Updates the queue of the session and the rows of the list. Must not be called while a panel is drawn."""
    state, board = session.state, session.board()
    shown = {state.views[job_id].group for job_id in state.current.values() if job_id in state.views}
    lists = queue.lists_of(state.tallies, shown, state.toggled_lists)
    is_open = tuple(one.id for one in lists if one.is_open)
    key = (is_open, state.tallies.version, board.order_version)
    if key == state.rows_key:  # with thousands of rows, listing them takes longer than everything else
        state.queue = QueueView(lists, state.queue.rows)
        return
    state.rows_key = key
    show(QueueView(lists, tuple(_in_order(id for group in is_open for id in state.tallies.ids(group)))))


def ids_of(statuses: Collection[str], group: str = "") -> list[str]:
    """The jobs of the queue with one of these statuses, in the order of the queue.

    Args:
        group: Only those of this list.
    """
    tallies = session.state.tallies
    groups = [group] if group else [one.id for one in session.state.queue.lists]
    known = [tallies.lists[one] for one in groups if one in tallies.lists]
    return _in_order(id for tally in known for status in statuses for id in tally.by_status.get(status, ()))


def _in_order(ids: Iterable[str]) -> list[str]:
    jobs = session.board().jobs
    return [job.id for job in sorted((jobs[id] for id in ids if id in jobs), key=lambda job: job.turn)]


def show(shown: QueueView) -> None:
    """Makes this the queue of the session, and updates the rows of the list."""
    session.state.queue = shown
    rows = bpy.context.window_manager.dreamfusion_queue
    names = list(shown.rows)
    if [row.name for row in rows] == names:
        return
    if not names:
        rows.clear()
    while len(rows) > len(names):
        rows.remove(len(rows) - 1)
    while len(rows) < len(names):
        rows.add()
    for row, name in zip(rows, names, strict=True):
        row.name = name


def _shown_row(_manager: WindowManager) -> int:
    """The row of the job that the panel of the scene shows, or -1."""
    uid = compat.session_uid(bpy.context.scene)
    return session.state.queue.positions.get(session.state.current.get(uid, ""), -1)


def _show_row(_manager: WindowManager, position: int) -> None:
    rows = session.state.queue.rows
    if 0 <= position < len(rows):
        session.show_job(bpy.context.scene, rows[position])


CLASSES = (QueueRow,)


def attach() -> None:
    WindowManager.dreamfusion_queue = CollectionProperty(type=QueueRow, options={"HIDDEN"})  # type: ignore[attr-defined]
    WindowManager.dreamfusion_queue_row = IntProperty(  # type: ignore[attr-defined]
        name="Job", get=_shown_row, set=_show_row, options={"HIDDEN"}
    )


def detach() -> None:
    del WindowManager.dreamfusion_queue_row  # type: ignore[attr-defined]
    del WindowManager.dreamfusion_queue  # type: ignore[attr-defined]
