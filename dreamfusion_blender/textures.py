"""Keeps the textures of generated objects in files while a .blend file is open, and packs them into it when it is saved.

Exporters need both. OBJ, and FBX without *Embed Textures*, only write the path of an image, and OBJ ignores the path of
a packed image. FBX with *Embed Textures* finds images by their path and gives all images without one the same texture.
A packed image in the .blend file, on the other hand, survives a move to another computer.

The files are in the folder `textures` of the user's data folder. Their names contain a hash of their content: two
objects never share a name, and an image that was painted on gets another file.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import bpy
from bpy.app.handlers import persistent

from . import compat
from .backend.jobs.files import write_atomic
from .core import paths
from .core.naming import JOB_PROPERTY

MARK = "dreamfusion_texture"  # custom property of the images; its value is not used
_HASH_DIGITS = 16


def keep_in_file(image: bpy.types.Image) -> None:
    """Writes a packed image to its file and unpacks it. It stays packed if the file cannot be written."""
    image[MARK] = True
    data = bytes(image.packed_file.data)
    name = re.sub(r"[^A-Za-z0-9]+", "_", image.name.removesuffix(".png")).strip("_")[:64] or "texture"
    file = paths.textures_folder() / f"{name}-{hashlib.sha256(data).hexdigest()[:_HASH_DIGITS]}.png"
    image.filepath_raw = os.fspath(file)  # also of an image that stays packed: FBX needs different paths
    with suppress(OSError, RuntimeError):
        if not (file.is_file() and file.read_bytes() == data):
            file.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(file, data)
        image.unpack(method="REMOVE")  # frees the packed copy


def keep_all_in_files() -> None:
    """Unpacks all textures of generated objects in the open file, including those imported by older versions."""
    for image in {*_of_older_versions(), *(image for image in bpy.data.images if _is_marked(image))}:
        if image.packed_file is not None and image.library is None:
            keep_in_file(image)


def pack_all() -> None:
    """Packs the textures of generated objects, except those that the user has moved to files elsewhere."""
    for image in bpy.data.images:
        if _is_marked(image) and image.packed_file is None and image.library is None and _is_ours(image):
            try:
                if not _file_of(image).is_file() and image.has_data:  # deleted in the meantime
                    _file_of(image).parent.mkdir(parents=True, exist_ok=True)
                    image.save()
                image.pack()
            except RuntimeError as error:
                print(f"DreamFusion: the texture {image.name} is not stored in the .blend file: {error}")


def _of_older_versions() -> Iterator[bpy.types.Image]:
    """The packed images of objects made by version 0.1.0, which have no path and no mark."""
    for obj in bpy.data.objects:
        if obj.get(JOB_PROPERTY) is not None:
            for slot in obj.material_slots:
                tree = slot.material.node_tree if slot.material is not None else None
                yield from (image for image in images_of(tree) if image.packed_file is not None and not image.filepath)


def images_of(tree: bpy.types.NodeTree | None) -> Iterable[bpy.types.Image]:
    """The images in a material's node tree."""
    nodes: Iterable[Any] = tree.nodes if tree is not None else ()
    return [node.image for node in nodes if node.type == "TEX_IMAGE" and node.image is not None]


def _is_marked(image: bpy.types.Image) -> bool:
    return image.get(MARK) is not None


def _file_of(image: bpy.types.Image) -> Path:
    return Path(bpy.path.abspath(image.filepath_raw))


def _is_ours(image: bpy.types.Image) -> bool:
    return os.path.normpath(_file_of(image).parent) == os.path.normpath(paths.textures_folder())


@persistent
def _before_save(*_args: object) -> None:
    pack_all()


@persistent
def _after_change(*_args: object) -> None:
    """After the file was saved, or data-blocks were appended. `registration` handles opened files."""
    keep_all_in_files()


def attach() -> None:
    bpy.app.handlers.save_pre.append(_before_save)
    for handlers in compat.handlers_after_save_or_append():
        handlers.append(_after_change)
    bpy.app.timers.register(keep_all_in_files, first_interval=0.0)  # once, for a file that is already open


def detach() -> None:
    if bpy.app.timers.is_registered(keep_all_in_files):
        bpy.app.timers.unregister(keep_all_in_files)
    if _before_save in bpy.app.handlers.save_pre:  # not at exit, when Blender has cleared the handlers
        bpy.app.handlers.save_pre.remove(_before_save)
        pack_all()  # without the add-on, nothing else packs the images when the file is saved
    for handlers in compat.handlers_after_save_or_append():
        if _after_change in handlers:
            handlers.remove(_after_change)
