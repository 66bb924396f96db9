"""The paper's R-Precision (DreamFusion, table 1), beside which the project's own rows stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .markdown import markdown_table

SHOWN = ("color", "geo")  # the columns of each image-text model
# Published image-text model -> (side of a patch, width of the image encoder). The paper uses those of OpenAI.
CLIPS: dict[str, tuple[int, int]] = {"B/32": (32, 768), "B/16": (16, 768), "L/14": (14, 1024)}
# System -> percent in the columns B/32 color, B/32 geo, B/16 color, B/16 geo, L/14 color, L/14 geo. Dream Fields in its new run was
# optimized with B/16, so that its values there mean little.
TABLE: dict[str, tuple[float | None, ...]] = {
    "COCO images": (77.1, None, 79.1, None, None, None),
    "Dream Fields (published)": (68.3, None, 74.2, None, None, None),
    "Dream Fields (run again by the paper)": (78.6, 1.3, 99.9, 0.8, 82.9, 1.4),
    "CLIP-Mesh": (67.8, None, 75.8, None, 74.5, None),
    "DreamFusion": (75.1, 42.5, 77.5, 46.6, 79.7, 58.5),
}


def published_name(patch: int, width: int) -> str | None:
    """Returns the column of an image-text model, such as "B/32", or None if the paper did not use its architecture."""
    return next((name for name, shape in CLIPS.items() if shape == (patch, width)), None)


def compare(models: Mapping[str, Mapping[str, Any]], row: str) -> str:
    """Formats table 1 of the paper with one more row, in percent.

    Args:
        models: results of `retrieval`, by image-text model; "published" holds the name of its column, or None.
        row: title of the project's row.
    """
    own = {found["published"]: found for found in models.values() if found.get("published")}
    others = {name: found for name, found in models.items() if not found.get("published")}
    head = ["R-Precision, %", *_columns(CLIPS), *_columns(others)]
    rows = [[title, *map(_cell, values), *["-"] * (len(SHOWN) * len(others))] for title, values in TABLE.items()]
    found = [own.get(name) for name in CLIPS] + list(others.values())
    cells = [_cell(100 * one[mode]["r_precision"] if one else None) for one in found for mode in SHOWN]
    return markdown_table(head, [*rows, [row, *cells]])


def _columns(models: Sequence[str] | Mapping[str, Any]) -> list[str]:
    return [f"{name} {mode}" for name in models for mode in SHOWN]


def _cell(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"
