"""Which object a job paints: a note in the job's request, and how the object is found again.

The object gets no mark until the texture arrives: a mark would be a change that undo, files and other add-ons see. In the session of
the job, Blender's own number finds it, also if it was renamed. In another session, its name does, or its faces.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import bpy
import numpy as np

from .. import compat, session
from ..core.job import Job
from . import surface

KEY = "target"  # in the origin of a request
UV_FILE = "input/uv.npy"  # the new UV map, [L, 2] float32, for the corners of the object's own mesh


class NotMatching(Exception):
    """The object does not exist, or has changed. The message is for the user."""


@dataclass(frozen=True)
class Target:
    """
    Attributes:
        name, uid, session: of the object, of the object in its session, and of the session.
        vertices, polygons: their numbers.
        faces: digest of the faces and their material slots.
        uv: digest of the UV map; empty if the texture brings a new one.
        uv_map: name of the UV map.
        single_user: see `TextureOptions`.
        groups: material slots that share textures.
        tiled: whether the textures of each group are the tiles of one image.
        sheets: (group, UDIM number) of each texture.
    """

    name: str
    uid: int
    session: str
    vertices: int
    polygons: int
    faces: str
    uv: str
    uv_map: str
    single_user: bool
    groups: tuple[tuple[int, ...], ...]
    tiled: tuple[bool, ...]
    sheets: tuple[tuple[int, int], ...]

    @property
    def brings_uv(self) -> bool:
        return not self.uv

    def as_note(self) -> dict[str, Any]:
        note: dict[str, Any] = json.loads(json.dumps(asdict(self)))  # as it is read again
        return note

    @staticmethod
    def of(origin: Mapping[str, Any]) -> Target | None:
        """The target in the origin of a request, which may come from elsewhere. None if it is missing or damaged."""
        note = origin.get(KEY)
        kinds = {
            "uid": int,
            "vertices": int,
            "polygons": int,
            "single_user": bool,
            "groups": list,
            "tiled": list,
            "sheets": list,
        }
        names = Target.__dataclass_fields__
        if not isinstance(note, Mapping) or not all(type(note.get(name)) is kinds.get(name, str) for name in names):
            return None
        try:
            groups = tuple(tuple(_small(slot) for slot in slots) for slots in note["groups"])
            sheets = tuple((_small(group), _small(tile)) for group, tile in note["sheets"])
        except (TypeError, ValueError):
            return None
        is_valid = all(groups) and all(1001 <= tile <= 2000 for _, tile in sheets)
        is_valid = is_valid and {group for group, _ in sheets} == set(range(len(groups)))
        if not is_valid or len(note["tiled"]) != len(groups):
            return None
        values = {name: note[name] for name in names}
        return Target(**{**values, "groups": groups, "sheets": sheets, "tiled": tuple(bool(t) for t in note["tiled"])})


def target_of(job: Job) -> Target | None:
    """What a job paints; None for other jobs."""
    return Target.of(job.request.origin) if job.request.mode == "texture" else None


def describe(obj: Any, uv_map: str, *, brings_uv: bool) -> dict[str, Any]:
    """The fields of `Target` that identify an object."""
    return {
        "name": obj.name,
        "uid": compat.session_uid(obj),
        "session": session.state.token,
        "vertices": len(obj.data.vertices),
        "polygons": len(obj.data.polygons),
        "faces": digest_of_faces(obj.data),
        "uv": "" if brings_uv else digest_of_uv(obj.data, uv_map),
        "uv_map": uv_map,
    }


def find(target: Target, scene: Any) -> Any:
    """The object, in this scene if it was not found by its number.

    Raises:
        NotMatching: see `check`.
    """
    objects = [obj for obj in scene.objects if obj.type == "MESH"]
    if target.session == session.state.token:
        placed = {obj for other in bpy.data.scenes for obj in other.objects}
        for obj in bpy.data.objects:
            if compat.session_uid(obj) == target.uid and obj in placed:
                check(obj, target)
                return obj
    objects.sort(key=lambda obj: obj.name != target.name)
    matching = [obj for obj in objects if _has_counts(obj, target) and has_faces(obj, target)]
    named = [obj for obj in objects if obj.name == target.name]
    if matching and (matching[0].name == target.name or len(matching) == 1):
        check(matching[0], target)
        return matching[0]
    if named:
        check(named[0], target)
    raise NotMatching("deleted")


def check(obj: Any, target: Target) -> None:
    """Raises NotMatching with "faces" or "uv" if the object's faces or UV map are no longer those of the job."""
    if obj.type != "MESH" or not _has_counts(obj, target) or not has_faces(obj, target):
        raise NotMatching("faces")
    if not target.brings_uv and uv_map_of(obj, target) is None:
        raise NotMatching("uv")
    if obj.material_slots and max(slot for slots in target.groups for slot in slots) >= len(obj.material_slots):
        raise NotMatching("faces")


def has_faces(obj: Any, target: Target) -> bool:
    return digest_of_faces(obj.data) == target.faces


def uv_map_of(obj: Any, target: Target) -> str | None:
    """The name of the UV map of the job, which may have been renamed. None if no UV map has its values."""
    names = [layer.name for layer in obj.data.uv_layers]
    names.sort(key=lambda name: name != target.uv_map)
    return next((name for name in names if digest_of_uv(obj.data, name) == target.uv), None)


def digest_of_faces(mesh: Any) -> str:
    """Of the vertices and the material slot of each face."""
    starts = surface.read(mesh.polygons, "loop_start", len(mesh.polygons), np.int32)
    return _digest(surface.corner_vertices(mesh), starts, surface.slots_of(mesh))


def digest_of_uv(mesh: Any, name: str) -> str:
    uv = surface.read_uv(mesh, name)
    return "" if uv is None else _digest(uv)


def _digest(*arrays: Any) -> str:
    found = hashlib.blake2b(digest_size=16)
    for array in arrays:
        found.update(np.ascontiguousarray(array).data)
    return found.hexdigest()


def _has_counts(obj: Any, target: Target) -> bool:
    return len(obj.data.vertices) == target.vertices and len(obj.data.polygons) == target.polygons


def _small(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 1 << 15:
        raise ValueError(value)
    return value
