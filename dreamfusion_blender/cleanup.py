"""Removes everything that a failed change has added to the file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import bpy

from . import compat


@contextmanager
def all_or_nothing(view_layer: bpy.types.ViewLayer) -> Iterator[None]:
    """If the block raises, removes all data-blocks that it added and restores the selection."""
    before, selection = {compat.session_uid(data) for data in _data_blocks()}, Selection.of(view_layer)
    try:
        yield
    except BaseException:
        added = {data for data in _data_blocks() if compat.session_uid(data) not in before}
        bpy.data.batch_remove(added)
        view_layer.update()  # a removed collection changes its objects
        selection.restore(view_layer)
        raise


@dataclass(frozen=True)
class Selection:
    """The selected objects and the active object of a view layer, by name."""

    selected: frozenset[str]
    active: str

    @classmethod
    def of(cls, view_layer: bpy.types.ViewLayer) -> Selection:
        active = view_layer.objects.active
        names = (o.name_full for o in view_layer.objects if o.select_get(view_layer=view_layer))
        return cls(frozenset(names), active.name_full if active else "")

    def restore(self, view_layer: bpy.types.ViewLayer) -> None:
        active = None
        for obj in view_layer.objects:
            obj.select_set(obj.name_full in self.selected, view_layer=view_layer)
            active = obj if obj.name_full == self.active else active
        view_layer.objects.active = active


def _data_blocks() -> Iterator[bpy.types.ID]:
    """All data-blocks of the file."""
    for prop in bpy.types.BlendData.bl_rna.properties:
        if prop.type == "COLLECTION":
            yield from getattr(bpy.data, prop.identifier)
