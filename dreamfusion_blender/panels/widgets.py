"""Layout helpers that several panels use."""

from __future__ import annotations

import textwrap

import blf
import bpy

TEXT_POINTS = 11.0  # text size of Blender's default theme


def wrapped(layout: bpy.types.UILayout, text: str, width_px: float, icon: str = "NONE", *, alert: bool = False) -> None:
    """Draws a text on as many lines as it needs. Blender's labels do not wrap text."""
    scale = bpy.context.preferences.system.ui_scale
    column = layout.column(align=True)
    column.alert = alert
    column.scale_y = 0.8
    indent = 0.0 if icon == "NONE" else 22.0 * scale
    for number, line in enumerate(wrap_lines(text, width_px - indent - 30.0 * scale, scale)):
        column.label(text=line, icon=icon if number == 0 else ("NONE" if icon == "NONE" else "BLANK1"), translate=False)


def first_lines(text: str, width_px: float, count: int) -> list[str]:
    """The first lines of a text, with "…" if it has more."""
    scale = bpy.context.preferences.system.ui_scale
    start = text[: int(count * width_px / (3.0 * scale))]  # no letter is narrower, and measuring takes time
    lines = wrap_lines(start, width_px - 30.0 * scale, scale)
    if len(lines) <= count and len(start) == len(text):
        return lines
    return [*lines[: count - 1], lines[count - 1][:-1].rstrip() + "…"] if len(lines) >= count else lines


def wrap_lines(text: str, width_px: float, scale: float) -> list[str]:
    """Splits a text into lines that fit `width_px`, measured with Blender's interface font."""
    blf.size(0, TEXT_POINTS * scale)
    mean_px = max(1.0, blf.dimensions(0, text)[0] / max(1, len(text)))
    columns = max(12, int(width_px / mean_px))
    lines = textwrap.wrap(text, columns)
    while columns > 12 and any(blf.dimensions(0, line)[0] > width_px for line in lines):
        columns -= 1
        lines = textwrap.wrap(text, columns)
    return lines
