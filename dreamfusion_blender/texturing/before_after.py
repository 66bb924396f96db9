"""Switches an object between its materials before and after the last texture."""

from __future__ import annotations

from typing import Any

from bpy.props import CollectionProperty, IntProperty, PointerProperty, StringProperty
from bpy.types import Material, Object, PropertyGroup


class PaintedSlot(PropertyGroup):
    """A material slot that was painted: its material before and after, and whether the slot was linked to the data."""

    slot: IntProperty(options={"HIDDEN"}, override={"LIBRARY_OVERRIDABLE"})
    before: PointerProperty(type=Material, options={"HIDDEN"}, override={"LIBRARY_OVERRIDABLE"})
    after: PointerProperty(type=Material, options={"HIDDEN"}, override={"LIBRARY_OVERRIDABLE"})
    link: StringProperty(options={"HIDDEN"}, override={"LIBRARY_OVERRIDABLE"})


CLASSES = (PaintedSlot,)


def attach() -> None:
    Object.dreamfusion_slots = CollectionProperty(  # type: ignore[attr-defined]
        type=PaintedSlot,
        options={"HIDDEN"},
        override={"LIBRARY_OVERRIDABLE", "USE_INSERTION"},  # objects of a library override can be painted
    )


def detach() -> None:
    del Object.dreamfusion_slots  # type: ignore[attr-defined]


def remember(obj: Any, painted: dict[int, Material]) -> None:
    """Assigns painted materials to slots of the object, not of its data, and remembers what was there before."""
    before = [(number, obj.material_slots[number]) for number in painted]
    facts = [(number, slot.material, slot.link) for number, slot in before]
    obj.dreamfusion_slots.clear()
    for number, material, link in facts:
        entry = obj.dreamfusion_slots.add()
        entry.slot, entry.before, entry.after, entry.link = number, material, painted[number], link
    show(obj, after=True)


def can_switch(obj: Any) -> bool:
    """Whether the object has a texture that can be shown or hidden."""
    return obj is not None and obj.type == "MESH" and any(True for _ in _usable(obj))


def shows_after(obj: Any) -> bool:
    return any(slot.link == "OBJECT" and slot.material == entry.after for slot, entry in _usable(obj))


def show(obj: Any, *, after: bool) -> None:
    """Shows the materials before or after. Slots to which the user has assigned another material stay as they are."""
    for slot, entry in list(_usable(obj)):
        if after:
            slot.link = "OBJECT"
            slot.material = entry.after
        else:
            if entry.link == "OBJECT":
                slot.material = entry.before
            slot.link = entry.link or "DATA"


def _usable(obj: Any) -> Any:
    slots = obj.material_slots
    for entry in obj.dreamfusion_slots:
        if 0 <= entry.slot < len(slots) and entry.after is not None:
            slot = slots[entry.slot]
            if slot.link == "DATA" or slot.material in (entry.before, entry.after):
                yield slot, entry
