"""Preview pictures as icons. Blender's icon loader writes thumbnails into the user's cache and may wait for a thread;
an image data-block is read at once (half a millisecond), and its pixels become the icon."""

from __future__ import annotations

import bpy
import bpy.utils.previews
import numpy as np

IMAGE_NAME = ".dreamfusion-preview"  # one, reused, without users: never saved with the file; a dot hides it in menus

_shown: dict[str, tuple[str, bpy.utils.previews.ImagePreviewCollection]] = {}  # job id -> path, collection of one


def show(job_id: str, path: str) -> bool:
    """Reads the picture at `path` for this job. False when it cannot be read (yet)."""
    if job_id in _shown and _shown[job_id][0] == path:
        return True
    pixels = _read(path)
    if pixels is None:
        return False
    # A new collection for every picture: an icon that was drawn once keeps its old pixels.
    collection = bpy.utils.previews.new()
    preview = collection.new(path)
    height, width = pixels.shape[:2]
    preview.image_size = (width, height)
    preview.image_pixels_float.foreach_set(pixels.ravel())
    hide(job_id)
    _shown[job_id] = (path, collection)
    return True


def icon_of(job_id: str) -> int:
    """The icon of the job's picture, 0 when there is none."""
    if job_id not in _shown:
        return 0
    path, collection = _shown[job_id]
    return int(collection[path].icon_id)


def hide(job_id: str) -> None:
    if job_id in _shown:
        bpy.utils.previews.remove(_shown.pop(job_id)[1])


def hide_all() -> None:
    """Gives back all icons and the image."""
    for job_id in list(_shown):
        hide(job_id)
    image = bpy.data.images.get(IMAGE_NAME)
    if image is not None:
        bpy.data.images.remove(image)


def _read(path: str) -> np.ndarray | None:
    """The file's pixels, [H, W, 4] float32, bottom row first."""
    image = bpy.data.images.get(IMAGE_NAME)
    try:
        if image is None:
            image = bpy.data.images.load(path)
            image.name = IMAGE_NAME
        else:
            image.filepath = path
            image.reload()
    except RuntimeError:
        return None
    width, height = image.size
    if not width or not height or image.channels != 4:
        return None
    pixels = np.empty(width * height * 4, dtype=np.float32)
    image.pixels.foreach_get(pixels)
    return pixels.reshape(height, width, 4)
