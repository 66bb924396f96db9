"""Preview images as icons.

Previews are decoded here, and their pixels are copied to an icon. Blender's own icon loader would write thumbnails into
the user's cache and can wait for a thread.
"""

from __future__ import annotations

import base64
import tempfile
from pathlib import Path

import bpy
import bpy.utils.previews
import numpy as np

from .backend.jobs.reading import read_regular
from .core import png

IMAGE_NAME = ".dreamfusion-preview"  # reused, without users so that it is not saved; the dot hides it in menus
ONE_PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M/wHwAEBgIApD5fRAAAAABJRU5ErkJggg=="

_shown: dict[str, tuple[str, bpy.utils.previews.ImagePreviewCollection]] = {}  # job id -> path, collection of one
_requested: dict[str, str] = {}  # job id -> the last path, so that an unreadable file is tried once


def show(job_id: str, path: str) -> bool:
    """Loads the image at `path` as the icon of a job. Returns False if it is already loaded or cannot be read."""
    if _requested.get(job_id) == path:
        return False
    _requested[job_id] = path
    pixels = read(path)
    if pixels is None:
        return False
    # A new collection for every image, because Blender caches the pixels of a drawn icon.
    collection = bpy.utils.previews.new()
    preview = collection.new(path)
    fill(preview, pixels)
    hide(job_id)
    _shown[job_id] = (path, collection)
    return True


def fill(preview: bpy.types.ImagePreview, pixels: np.ndarray) -> None:
    """Sets the pixels of a preview, as returned by `read`."""
    height, width = pixels.shape[:2]
    preview.image_size = (width, height)
    preview.image_pixels.foreach_set(pixels.reshape(-1).view(np.int32))  # type: ignore[attr-defined]


def icon_of(job_id: str) -> int:
    """The icon id of the job's image, or 0."""
    if job_id not in _shown:
        return 0
    path, collection = _shown[job_id]
    return int(collection[path].icon_id)


def warm_up() -> None:
    """Loads a dummy image, for previews of older versions.

    The first image takes 15 to 50 ms, which is better spent on a click than in the timer.
    """
    if bpy.data.images.get(IMAGE_NAME) is None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "pixel.png"
            path.write_bytes(base64.b64decode(ONE_PIXEL))
            _read_with_blender(str(path))


def hide(job_id: str) -> None:
    if job_id in _shown:
        bpy.utils.previews.remove(_shown.pop(job_id)[1])


def keep_only(job_ids: set[str]) -> None:
    """Frees the icons of all other jobs. They are loaded again when needed."""
    for job_id in [*_requested]:
        if job_id not in job_ids:
            del _requested[job_id]
            hide(job_id)


def hide_all() -> None:
    """Frees all icons and the image."""
    _requested.clear()
    for job_id in list(_shown):
        hide(job_id)
    image = bpy.data.images.get(IMAGE_NAME)
    if image is not None:
        bpy.data.images.remove(image)


def read(path: str) -> np.ndarray | None:
    """The file's pixels, [H, W, 4] uint8, bottom row first. None if it cannot be read.

    Previews of older versions, and other files that are not simple, are loaded by Blender.
    """
    try:
        data = read_regular(path, png.MAX_BYTES)
    except OSError:
        return None
    if not data.startswith(png.SIGNATURE):
        return None
    pixels = png.decode(data)
    return _read_with_blender(path) if pixels is None and png.is_small(data) else pixels


def _read_with_blender(path: str) -> np.ndarray | None:
    image = bpy.data.images.get(IMAGE_NAME)
    try:
        if image is None:
            image = bpy.data.images.load(path)
            image.name = IMAGE_NAME
        else:
            image.filepath_raw = path  # `filepath` would reload, too, and update all node trees twice
            image.reload()
    except RuntimeError:
        return None
    width, height = image.size
    if not width or not height or image.channels != 4:
        return None
    pixels = np.empty(width * height * 4, dtype=np.float32)
    image.pixels.foreach_get(pixels)  # type: ignore[attr-defined]
    return np.rint(255 * pixels).astype(np.uint8).reshape(height, width, 4)
