"""Imports the result of a job where the objects stood that it started from."""

from __future__ import annotations

from typing import Any

import numpy as np
from mathutils import Matrix, Vector

from .. import compat, session
from ..backend.errors import JobError
from ..backend.inputs.mesh_file import read_mesh
from ..backend.inputs.placement import Placement
from ..core.job import Job
from ..core.present import Message
from ..core.translate import tr
from ..importer import ImportFailed, import_copy, import_result
from ..stage.surroundings import view_layer_of
from .originals import Originals, hide

SPACING = 1.2  # distance of variations, as a multiple of the width of the objects


def import_in_place(job: Job, scene: Any, *, hide_originals: bool, select: bool = True) -> Any:
    """Imports the mesh of a job at the place of its originals, also if these were moved or deleted since.

    Other variations stand next to the first one. If the place is unknown, the object stands at the 3D cursor like other
    results, and the panel shows a message.

    Raises:
        ImportFailed: The mesh cannot be imported.
    """
    if job.mesh_path is None:
        raise ImportFailed(tr("The job has no mesh. Resume it, or generate the object again."))
    try:
        source = read_mesh(job.folder)
    except JobError:
        obj = import_result(job.mesh_path, job.request, scene, scene.cursor.location, select=select)
        text = tr("The job no longer knows where its objects stood. The result stands at the 3D cursor.")
        session.state.messages[compat.session_uid(scene)] = Message(text, is_error=False)
        return obj
    originals = Originals.of(job.request.origin)
    matrix = Placement.of_mesh(source).matrix
    matrix[0, 3] += SPACING * originals.number * float(np.ptp(source.vertices[source.faces, 0]))
    obj = import_copy(job.mesh_path, job.request, scene, matrix.tolist(), select=select)
    _apply_scale(obj)
    if hide_originals:
        hide([original for original in originals.find(scene) if original != obj], view_layer_of(scene))
    return obj


def hides_originals(job: Job) -> bool:
    """Whether the user has asked to hide the originals."""
    return Originals.of(job.request.origin).hide


def _apply_scale(obj: Any) -> None:
    """Gives an object the scale 1 and its origin at the center of its bottom, as other results. Its surface stays in place."""
    flat = np.empty(3 * len(obj.data.vertices), np.float32)
    obj.data.vertices.foreach_get("co", flat)
    points = flat.reshape(-1, 3).astype(np.float64)
    low, high = points.min(0), points.max(0)
    bottom = Vector(((low[0] + high[0]) / 2, (low[1] + high[1]) / 2, low[2]))
    matrix = obj.matrix_world.copy()
    _, rotation, scale = matrix.decompose()
    obj.data.transform(Matrix.Scale(scale.x, 4) @ Matrix.Translation(-bottom))
    obj.matrix_world = Matrix.LocRotScale(matrix @ bottom, rotation, None)
