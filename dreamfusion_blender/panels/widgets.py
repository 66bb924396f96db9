"""Layout helpers that several panels use."""

from __future__ import annotations

import textwrap

import blf
import bpy

TEXT_POINTS = 11.0  # text size of Blender's default theme


def ui_scale() -> float:
    return float(bpy.context.preferences.system.ui_scale) or 1.0  # 0 without a window


def wrapped(
    layout: bpy.types.UILayout,
    text: str,
    width_px: float,
    icon: str = "NONE",
    *,
    alert: bool = False,
    max_lines: int = 0,
) -> bool:
    """Draws a text on as many lines as it needs, or on at most `max_lines`. Blender's labels do not wrap text.

    Returns False if the text was too long.
    """
    scale = ui_scale()
    column = layout.column(align=True)
    column.alert = alert
    column.scale_y = 0.8
    inner_px = width_px - 30.0 * scale - (0.0 if icon == "NONE" else 22.0 * scale)
    lines, is_whole = first_lines(text, inner_px, scale, max_lines) if max_lines else (None, True)
    for number, line in enumerate(lines or wrap_lines(text, inner_px, scale)):
        column.label(text=line, icon=icon if number == 0 else ("NONE" if icon == "NONE" else "BLANK1"), translate=False)
    return is_whole


def first_lines(text: str, width_px: float, scale: float, count: int) -> tuple[list[str], bool]:
    """The first lines of a text, with "…" if it has more, and whether these are all."""
    narrowest_px = max(1.0, 3.0 * scale)  # of a letter; without a window, the scale is 0
    start = text[: max(12 * (count + 1), int(count * width_px / narrowest_px))]  # measuring a long text takes time
    lines = wrap_lines(start, width_px, scale)
    if len(lines) <= count and len(start) == len(text):
        return lines, True
    last = lines[count - 1] if len(lines) > count else lines[-1]
    return [*lines[: count - 1], last[:-1].rstrip() + "…"], False


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
