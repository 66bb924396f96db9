"""Loads the textures of a job as an image of Blender."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import bpy

from .. import textures
from ..backend.jobs.files import write_atomic
from ..backend.jobs.reading import read_regular
from ..core import paths
from ..core.translate import tr
from ..importer import ImportFailed

MAX_BYTES = 1 << 29


def load(files: Sequence[tuple[int, Path]], name: str, is_tiled: bool) -> Any:
    """The image of one group of material slots.

    Args:
        files: UDIM number and PNG file of each tile; only one unless `is_tiled`.

    Raises:
        ImportFailed: A file cannot be read.
    """
    try:
        image = _load_tiles(files, name) if is_tiled else _load_one(files[0][1])
    except (OSError, RuntimeError) as error:
        text = tr("The texture {file} is missing. Resume the job, or start it again.")
        raise ImportFailed(text.format(file=os.fspath(files[0][1]))) from error
    image.name = f"{name} albedo"
    if not is_tiled:
        textures.keep_in_file(image)
    return image


def _load_one(file: Path) -> Any:
    image = bpy.data.images.load(os.fspath(file))
    image.pack()
    return image


def _load_tiles(files: Sequence[tuple[int, Path]], name: str) -> Any:
    """A tiled image, packed. Its tiles are copied first, because the job's folder may be deleted."""
    contents = {tile: read_regular(file, MAX_BYTES) for tile, file in files}
    digest = hashlib.sha256(b"".join(contents.values())).hexdigest()[:16]
    base = re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_")[:48] or "texture"
    named = {f"{base}-{digest}.{tile}.png": data for tile, data in contents.items()}
    folder = paths.textures_folder()
    try:
        _write(folder, named)
    except OSError:  # the image is packed, so Blender's temporary folder does, too
        folder = Path(bpy.app.tempdir)
        _write(folder, named)
    first = min(contents)
    image = bpy.data.images.load(os.fspath(folder / f"{base}-{digest}.{first}.png"))
    image.source = "TILED"
    image.filepath_raw = os.fspath(folder / f"{base}-{digest}.<UDIM>.png")
    image.tiles[0].number = first
    for tile in sorted(contents)[1:]:
        image.tiles.new(tile_number=tile)
    image.reload()
    image.pack()
    return image


def _write(folder: Path, named: Mapping[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in named.items():
        write_atomic(folder / name, data)
