"""All kinds of objects that the built-in world has, by name; one file for each family."""

from __future__ import annotations

from . import furniture, kitchen, nature, places, solids, toys
from .base import Kind, Part

KINDS: dict[str, Kind] = {
    kind.name: kind for family in (solids, kitchen, furniture, nature, places, toys) for kind in family.KINDS
}

__all__ = ["KINDS", "Kind", "Part"]
