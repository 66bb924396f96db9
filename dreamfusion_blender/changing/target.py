"""Which object a job changes: a note in the job's request, and how the object is found again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray

from .. import compat, session
from ..backend.inputs.mesh_file import read_mesh
from ..backend.inputs.placement import Placement
from ..backend.jobs.reading import inside
from ..core import gltf
from ..core.job import Job
from ..core.naming import JOB_PROPERTY
from ..texturing import surface
from ..texturing.target import KEY, NotMatching
from . import frame

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ChangeTarget:
    """
    Attributes:
        name, uid, session: of the object, of the object in its session, and of the session.
        job: the job that made the object, as its property says. Empty for other objects.
        frame: id of the first job with the same frame. Its versions are in the same place of the object.
        world: matrix [4, 4], row by row, from the frame of the job to the world when the job was started.
        has_field: whether `input/mesh.npz` is in the frame of the job already.
        single_user: see `ChangeOptions`.
    """

    name: str
    uid: int
    session: str
    job: str
    frame: str
    world: tuple[float, ...]
    has_field: bool
    single_user: bool

    def as_note(self) -> dict[str, Any]:
        return {**asdict(self), "world": list(self.world)}

    @staticmethod
    def of(origin: Mapping[str, Any]) -> ChangeTarget | None:
        """The target in the origin of a request, which may come from elsewhere. None if it is missing or damaged."""
        note = origin.get(KEY)
        kinds = {"uid": int, "world": list, "has_field": bool, "single_user": bool}
        names = ChangeTarget.__dataclass_fields__
        if not isinstance(note, Mapping) or not all(type(note.get(name)) is kinds.get(name, str) for name in names):
            return None
        world = note["world"]
        if len(world) != 16 or not all(isinstance(value, (int, float)) for value in world):
            return None
        return ChangeTarget(**{**{name: note[name] for name in names}, "world": tuple(map(float, world))})

    @property
    def matrix(self) -> list[list[float]]:
        """`world` as rows."""
        return [list(self.world[row : row + 4]) for row in range(0, 16, 4)]


def target_of(job: Job) -> ChangeTarget | None:
    """What a job changes; None for other jobs."""
    return ChangeTarget.of(job.request.origin) if job.request.mode == "change" else None


def frame_of(job: Job) -> str:
    """The id of the frame of a job's mesh."""
    target = target_of(job)
    return target.frame if target is not None else job.id


def find(target: ChangeTarget, scene: Any) -> Any:
    """The object: by its number in the session of the job, or else by the job that made it, and by its name.

    Raises:
        NotMatching: it does not exist ("deleted").
    """
    if target.session == session.state.token:
        placed = {obj for other in bpy.data.scenes for obj in other.objects}
        for obj in bpy.data.objects:
            if compat.session_uid(obj) == target.uid and obj in placed:
                return obj
    made = [obj for obj in scene.objects if target.job and obj.get(JOB_PROPERTY) == target.job]
    named = [obj for obj in made or scene.objects if obj.name == target.name]
    if len(made) == 1 or named:
        return (named or made)[0]
    raise NotMatching("deleted")


def place_of(job: Job, target: ChangeTarget, obj: Any) -> Floats:
    """The transform [4, 4] from the frame of a job to the space of its object as it is now.

    Raises:
        JobError: the job's mesh cannot be read.
        NotMatching: the object is no longer the one that the job began with, or another version of it ("mesh").
    """
    if obj.type == "MESH":
        known = read_mesh(job.folder)
        points = known.vertices if target.has_field else Placement.of_mesh(known).to_frame(known.vertices)
        matrix = frame.fit(points, frame.vertices_of(obj.data))
        if matrix is None:
            matrix = _place_of_other_version(target, obj)
        if matrix is not None:
            return matrix
    raise NotMatching("mesh")


def place_of_result(job: Job, mesh: Any) -> Floats | None:
    """The transform [4, 4] from the frame of a job to the space of a mesh that was imported from it. None if it was edited."""
    path = inside(job.folder, "asset/mesh.glb")
    corners = gltf.read_corners(path) if path is not None else None
    if corners is None:
        return None
    turned = corners.reshape(-1, 3, 3)[:, (0, 2, 1)].reshape(-1, 3)  # after Flip Normals, or mirrored
    images = frame.corners_of(mesh)
    matrix = frame.fit(corners, images)
    return frame.fit(turned, images) if matrix is None else matrix


def front_of_edited(job: Job, mesh: Any) -> float:
    """The azimuth of the front of an edited mesh in its own space, see `frame.front_of`. 0 if its UV map is new."""
    path = inside(job.folder, "asset/mesh.glb")
    if path is None or not mesh.uv_layers:
        return 0.0
    corners, uv = gltf.read_corners(path), gltf.read_uv(path)
    present = surface.read_uv(mesh, mesh.uv_layers[0].name)
    if corners is None or uv is None or present is None:
        return 0.0
    return frame.front_of(corners, uv, frame.corners_of(mesh), present)


def _place_of_other_version(target: ChangeTarget, obj: Any) -> Floats | None:
    """Another job has changed the object in the meantime: its version is in the same frame."""
    other = session.board().jobs.get(str(obj.get(JOB_PROPERTY, "")))
    if other is None or frame_of(other) != target.frame:
        return None
    return place_of_result(other, obj.data)
