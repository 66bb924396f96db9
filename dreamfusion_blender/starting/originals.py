"""The objects that a job starts from: a note in the job's request, how they are found again, and how they are hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import bpy

from .. import compat, session

KEY = "start"  # in the origin of a request
MAX_OBJECTS = 1000  # in the note


@dataclass(frozen=True)
class Originals:
    """
    Attributes:
        names, uids, session: of the objects, and of the session in which these numbers are valid.
        hide: whether they are hidden when the result arrives.
        number: of the variation; the first one is 0.
    """

    names: tuple[str, ...]
    uids: tuple[int, ...]
    session: str
    hide: bool
    number: int = 0

    @staticmethod
    def of_objects(objects: Sequence[Any], *, hide: bool, number: int = 0) -> Originals:
        kept = objects[:MAX_OBJECTS]
        names, uids = tuple(obj.name for obj in kept), tuple(compat.session_uid(obj) for obj in kept)
        return Originals(names, uids, session.state.token, hide, number)

    def as_note(self) -> dict[str, Any]:
        return {
            "names": list(self.names),
            "uids": list(self.uids),
            "session": self.session,
            "hide": self.hide,
            "number": self.number,
        }

    @staticmethod
    def of(origin: Mapping[str, Any]) -> Originals:
        """The note in the origin of a request, which may come from elsewhere. Without objects if it is missing or damaged."""
        note = origin.get(KEY)
        nothing = Originals((), (), "", False)
        if not isinstance(note, Mapping):
            return nothing
        names, uids, number = note.get("names"), note.get("uids"), note.get("number", 0)
        if type(number) is not int or not 0 <= number < MAX_OBJECTS:
            return nothing
        if not isinstance(names, list) or not isinstance(uids, list) or len(names) != len(uids):
            return nothing
        if not all(type(name) is str for name in names) or not all(type(uid) is int for uid in uids):
            return nothing
        return Originals(tuple(names), tuple(uids), str(note.get("session", "")), note.get("hide") is True, number)

    def find(self, scene: Any) -> list[Any]:
        """Those that still exist in the scene: by Blender's number in the session of the job, or else by name."""
        if self.session == session.state.token:
            wanted = set(self.uids)
            return [obj for obj in scene.objects if compat.session_uid(obj) in wanted]
        return [obj for name in self.names if (obj := scene.objects.get(name)) is not None]


def hide(objects: Sequence[Any], view_layer: Any) -> None:
    """Hides objects in the viewport (as with H) and in renders. Those of other files only in the viewport."""
    for obj in objects:
        if obj.name in view_layer.objects:
            obj.hide_set(True, view_layer=view_layer)
        if is_own(obj):
            obj.hide_render = True


def is_own(obj: bpy.types.Object) -> bool:
    """Whether the object can be changed in this file."""
    return obj.library is None or obj.override_library is not None
