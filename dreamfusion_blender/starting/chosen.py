"""The objects that the jobs of a scene start from.

They are remembered, because the result of a job is selected when it arrives: the next job starts from the same objects, and not
from that result.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .geometry import usable


def objects_of(scene: Any, view_layer: Any) -> list[Any]:
    """The remembered objects that still exist, or else the selected ones."""
    entries = (entry.object for entry in scene.dreamfusion_start.objects)
    kept = [obj for obj in entries if obj is not None and view_layer.objects.get(obj.name) == obj]
    return kept or usable(view_layer)


def remember(scene: Any, objects: Sequence[Any]) -> None:
    """Lets the next jobs start from these objects. Without any, they start from what is selected then."""
    entries = scene.dreamfusion_start.objects
    entries.clear()
    for obj in objects:
        entries.add().object = obj
