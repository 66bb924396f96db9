"""Contact sheets: rows of small framed pictures with captions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

RIGHT, WRONG, NEUTRAL = (40, 160, 60), (210, 40, 40), (255, 255, 255)
_PAPER, _INK = (255, 255, 255), (20, 20, 20)
_FRAME_PX, _TEXT_PX, _GAP_PX = 3, 13, 4


@dataclass(frozen=True)
class Tile:
    """pixels [H, W, 3]: sRGB; frame: color of the border; caption: text below the picture."""

    pixels: NDArray[np.uint8]
    frame: tuple[int, int, int] = NEUTRAL
    caption: str = ""


def draw_contact_sheet(rows: Sequence[tuple[str, Sequence[Tile]]], tile_px: int = 64) -> Image.Image:
    """Draws one row for each (title, tiles). The tiles are scaled to `tile_px` and framed."""
    cell = tile_px + 2 * _FRAME_PX
    has_captions = any(tile.caption for _, tiles in rows for tile in tiles)
    height = _TEXT_PX + cell + (_TEXT_PX if has_captions else 0) + _GAP_PX
    columns = max((len(tiles) for _, tiles in rows), default=1)
    paper = Image.new(
        "RGB", (max(columns, 1) * (cell + _GAP_PX) + _GAP_PX, max(len(rows), 1) * height + _GAP_PX), _PAPER
    )
    pen = ImageDraw.Draw(paper)
    for number, (title, tiles) in enumerate(rows):
        top = _GAP_PX + number * height
        pen.text((_GAP_PX, top), title, fill=_INK)
        for column, tile in enumerate(tiles):
            left = _GAP_PX + column * (cell + _GAP_PX)
            paper.paste(tile.frame, (left, top + _TEXT_PX, left + cell, top + _TEXT_PX + cell))
            picture = Image.fromarray(tile.pixels).resize((tile_px, tile_px), Image.Resampling.LANCZOS)
            paper.paste(picture, (left + _FRAME_PX, top + _TEXT_PX + _FRAME_PX))
            if tile.caption:
                pen.text((left, top + _TEXT_PX + cell), tile.caption[: cell // 6], fill=_INK)
    return paper


def save_contact_sheet(path: Path, rows: Sequence[tuple[str, Sequence[Tile]]], tile_px: int = 64) -> None:
    """Draws a contact sheet and saves it as PNG."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draw_contact_sheet(rows, tile_px).save(path, "png")
