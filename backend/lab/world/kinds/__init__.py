"""All kinds of objects of the procedural world, by name; one module per family."""

from __future__ import annotations

from . import animals, buildings, food, furniture, kitchen, nature, solids, storage, tools, toys, vehicles
from .base import Kind, Part

KINDS: dict[str, Kind] = {
    kind.name: kind
    for family in (solids, kitchen, furniture, storage, food, nature, buildings, vehicles, tools, animals, toys)
    for kind in family.KINDS
}

__all__ = ["KINDS", "Kind", "Part"]
