"""Marks generated objects as assets of Blender's asset browser."""

from __future__ import annotations

import re
from pathlib import Path

import bpy

from . import pictures
from .backend.catalog.lookup import BUILTIN
from .backend.jobs.request import JobRequest
from .core import model_facts

WORDS_TO_SKIP = frozenset(
    ("a", "an", "and", "at", "by", "for", "from", "in", "is", "made", "of", "on", "the", "to", "with")
)
MAX_TAGS = 8


def mark(obj: bpy.types.Object, request: JobRequest, picture: Path | None) -> None:
    """Marks an object as an asset, described by its request. Keeps the author and tags of an object that is one already.

    Args:
        picture: The preview image; None or an unreadable file gives no preview.
    """
    obj.asset_mark()
    data = obj.asset_data
    data.description = request.prompt
    for tag in tags_of(request):
        data.tags.new(tag, skip_if_exists=True)
    pixels = None if picture is None else pictures.read(str(picture))
    if pixels is not None:
        # Blender's own preview needs a graphics context, which it does not have without a window.
        pictures.fill(obj.preview_ensure(), pixels)


def tags_of(request: JobRequest) -> list[str]:
    """The words of the prompt that describe the object, such as its color and kind, and the model.

    Words of the built-in model replace their synonyms, so that all mugs have the same tag.
    """
    vocabulary = model_facts.of(BUILTIN).vocabulary
    words = re.findall(r"[^\W_]+", request.prompt.casefold())
    known = [(vocabulary and vocabulary.find(word)) or word for word in words if word not in WORDS_TO_SKIP]
    return [*list(dict.fromkeys(known))[:MAX_TAGS], Path(request.prior).name]
