"""The pixels of images in the scene, as the worker gets them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray

from ..backend.errors import JobError
from ..backend.inputs.mesh_file import MAX_PICTURE_PX
from ..core.translate import tr
from ..materials import read_pixels
from .base_color import encode_srgb

Pixels = NDArray[np.uint8]


def is_exact(image: Any) -> bool:
    """Whether the image has 8 bits per channel in sRGB, so that unpainted texels can stay as they are."""
    return not image.is_float and image.colorspace_settings.name == "sRGB"


def pixels_of(image: Any, tile: int) -> Pixels | None:
    """[H, W, 3] uint8 sRGB, top row first. None if a tiled image does not have the tile.

    Raises:
        JobError: The image is too large, or cannot be read.
    """
    if image.source != "TILED":
        return _read(image)
    if tile not in {entry.number for entry in image.tiles}:
        return None
    with _tile(image, tile) as single:
        return _read(single)


def _read(image: Any) -> Pixels:
    if max(image.size) > MAX_PICTURE_PX:
        text = tr('The image "{name}" is larger than {size} pixels. Scale it down, or turn off Strength and Mask.')
        raise JobError(text.format(name=image.name, size=MAX_PICTURE_PX))
    if not all(image.size):
        raise JobError(tr('The image "{name}" cannot be read. Find its file, then try again.').format(name=image.name))
    values = read_pixels(image)[::-1, :, :3]
    # The values of images with 8 bits are those in the file. Blender converts the others to linear light.
    if is_exact(image):
        return (values * 255 + 0.5).astype(np.uint8)
    pixels: Pixels = encode_srgb(values)
    return pixels


@contextmanager
def _tile(image: Any, tile: int) -> Iterator[Any]:
    """A tile of a UDIM as a temporary image, because the pixels of a tiled image are those of its first tile."""
    if image.is_dirty:
        text = tr('The tiled image "{name}" has unsaved changes. Save it in the Image Editor first.')
        raise JobError(text.format(name=image.name))
    with tempfile.TemporaryDirectory(prefix="dreamfusion-tile-") as folder:
        file = _packed_tile(image, tile, Path(folder)) or _tile_file(image, tile)
        try:
            single = bpy.data.images.load(file)
        except RuntimeError as error:
            text = tr('The image "{name}" cannot be read. Find its file, then try again.')
            raise JobError(text.format(name=image.name)) from error
        try:
            single.colorspace_settings.name = image.colorspace_settings.name
            yield single
        finally:
            bpy.data.images.remove(single)


def _packed_tile(image: Any, tile: int, folder: Path) -> str:
    for packed in image.packed_files:
        if packed.tile_number == tile:
            file = folder / f"{tile}{Path(image.filepath_raw).suffix}"
            file.write_bytes(packed.packed_file.data)
            return os.fspath(file)
    return ""


def _tile_file(image: Any, tile: int) -> str:
    column, row = (tile - 1001) % 10, (tile - 1001) // 10
    path = bpy.path.abspath(image.filepath_raw, library=image.library)
    return path.replace("<UDIM>", str(tile)).replace("<UVTILE>", f"u{column + 1}_v{row + 1}")
