"""Draws jobs and messages: the current job, the queue, ended jobs, and their buttons."""

from __future__ import annotations

from typing import Any

from bpy.types import UILayout

from ..core.actions import Action
from ..core.present import JobView, Message
from . import widgets

TITLE_LINES = 3
PROMPT_BUTTON = 28.0  # width of the button with the whole prompt, points


def draw_action(layout: UILayout, action: Action, job_id: str = "", text: str | None = None) -> Any:
    """Draws a button. Returns the properties of its operator."""
    label = action.label if text is None else text
    properties = layout.operator(f"dreamfusion.{action.verb}", text=label, icon=action.icon)
    if job_id:
        properties.job = job_id
    return properties


def draw_name(layout: UILayout, view: JobView, icon: str = "NONE") -> None:
    """Draws the name of a job in one line. A shortened name has a button with the whole prompt."""
    row = layout.row(align=True)
    row.label(text=view.name, icon=icon, translate=False)
    if view.has_long_name:
        draw_prompt_button(row, view)


def draw_title(layout: UILayout, view: JobView, width: float) -> None:
    """Draws the prompt on at most three lines. A shortened one has a button with the whole prompt."""
    if not view.has_long_name:
        widgets.wrapped(layout, view.title, width)
        return
    row = layout.row()
    is_whole = widgets.wrapped(row, view.title, width - PROMPT_BUTTON * widgets.ui_scale(), max_lines=TITLE_LINES)
    if not is_whole:
        draw_prompt_button(row, view)


def draw_prompt_button(layout: UILayout, view: JobView) -> None:
    """Draws a button that shows the whole prompt in its tooltip, and on a click."""
    layout.operator("dreamfusion.show_prompt", text="", icon="THREE_DOTS", emboss=False).job = view.id


def draw_message(layout: UILayout, message: Message, width: float) -> None:
    box = layout.box()
    widgets.wrapped(box, message.text, width, icon="ERROR" if message.is_error else "INFO", alert=message.is_error)
    for action in message.actions:
        draw_action(box, action, message.job)


def draw_live(layout: UILayout, view: JobView, icon: int) -> None:
    """Draws a job of the queue."""
    box = layout.box()
    if icon:
        split = box.split(factor=0.22)
        split.column().template_icon(icon_value=icon, scale=3.0)
        column = split.column(align=True)
    else:
        column = box.column(align=True)
    row = column.row(align=True)
    draw_name(row, view, view.icon)
    for action in (*view.fixes, *view.actions):
        draw_action(row, action, view.id, text="")
    if view.fraction is not None:
        column.progress(text=view.bar_text, factor=view.fraction, translate=False)
    else:
        column.label(text=view.bar_text, translate=False)
    column.label(text=view.detail or view.facts, translate=False)


def draw_ended(layout: UILayout, view: JobView, icon: int) -> None:
    """Draws a job of the history."""
    split = layout.box().split(factor=0.22)
    picture = split.column()
    if icon:
        picture.template_icon(icon_value=icon, scale=3.0)
    else:
        picture.label(icon=view.icon)
    column = split.column(align=True)
    draw_name(column, view)
    column.label(text=view.facts, translate=False)
    column.label(text=view.error or view.headline, icon=view.icon, translate=False)
    row = column.row(align=True)
    shown = set()
    for action in (*view.fixes, *view.actions, *view.more):
        if action.verb not in shown:
            shown.add(action.verb)
            draw_action(row, action, view.id, text="")


def draw_job(layout: UILayout, view: JobView, icon: int, width: float) -> None:
    """Draws the current job of the scene."""
    box = layout.box()
    draw_title(box, view, width)
    if icon:
        box.template_icon(icon_value=icon, scale=9.0)
    if view.fraction is not None:
        box.progress(text=view.bar_text, factor=view.fraction, translate=False)
    else:
        box.label(text=view.headline, icon=view.icon)
    if view.detail:
        box.label(text=view.detail, translate=False)
    for note in view.notes:
        widgets.wrapped(box, note, width, icon="INFO")
    if view.error:
        widgets.wrapped(box, view.error, width, icon="ERROR", alert=True)
    for actions in (view.fixes, view.actions):
        if actions:
            # Three buttons in a row do not fit a sidebar of the default width.
            row = box.grid_flow(row_major=True, columns=2, even_columns=True, align=True)
            if len(actions) == 3:
                row = box.column(align=True)
            for action in actions:
                draw_action(row, action, view.id)
