"""The list of the queue in the panel.

Blender's lists show a collection of properties. It is a property of the window manager, which is not undone, and holds only
the ids of jobs. What the rows show is in the session.
"""

from __future__ import annotations

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
    shown = [state.views[job_id] for job_id in state.current.values() if job_id in state.views]
    ids = queue.ids_of(state.live, shown, state.members)
    jobs = sorted((board.jobs[job_id] for job_id in ids if job_id in board.jobs), key=lambda job: job.turn)
    show(QueueView(tuple(state.views[job.id] for job in jobs if job.id in state.views)))


def show(shown: QueueView) -> None:
    """Makes this the queue of the session, and updates the rows of the list."""
    session.state.queue = shown
    rows = bpy.context.window_manager.dreamfusion_queue
    names = [view.id for view in shown.rows]
    if [row.name for row in rows] == names:
        return
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
        session.show_job(bpy.context.scene, rows[position].id)


CLASSES = (QueueRow,)


def attach() -> None:
    WindowManager.dreamfusion_queue = CollectionProperty(type=QueueRow, options={"HIDDEN"})  # type: ignore[attr-defined]
    WindowManager.dreamfusion_queue_row = IntProperty(  # type: ignore[attr-defined]
        name="Job", get=_shown_row, set=_show_row, options={"HIDDEN"}
    )


def detach() -> None:
    del WindowManager.dreamfusion_queue_row  # type: ignore[attr-defined]
    del WindowManager.dreamfusion_queue  # type: ignore[attr-defined]
