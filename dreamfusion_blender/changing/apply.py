"""Puts the new version of an object in the place of the old one. One undo step brings the old one back.

Only the mesh data, its materials, and the custom properties change. Name, transform, parent, constraints, modifiers, and collections
stay.
"""

from __future__ import annotations

from typing import Any

import bpy
import numpy as np
from mathutils import Matrix
from mathutils.kdtree import KDTree

from ..backend.errors import JobError
from ..core.job import Job
from ..core.naming import PROPERTIES, TEXTURE_PROPERTY
from ..core.translate import tr
from ..importer import ImportFailed, import_copy, import_mesh, store_request
from ..texturing.target import NotMatching
from . import checks, target

TEXTS = {
    "deleted": 'The object "{name}" was deleted. Undo that and click Apply Change, or import a copy.',
    "mesh": 'The mesh of "{name}" has changed. Undo that and click Apply Change, or import a copy.',
}


def apply_change(job: Job, scene: Any) -> Any:
    """Replaces the mesh data of the object that the job has changed, and returns the object.

    If that fails, the object is as before, but new data-blocks may remain (see `cleanup`).

    Raises:
        ImportFailed: The object or the mesh cannot be used. The message suggests what to do.
    """
    goal = target.target_of(job)
    if goal is None or job.mesh_path is None:
        raise ImportFailed(tr("The job does not name the object that it changes. Import a copy."))
    try:
        obj = target.find(goal, scene)
        checks.check_object(obj, single_user=goal.single_user)
        place = target.place_of(job, goal, obj)
    except NotMatching as error:
        raise ImportFailed(tr(TEXTS[str(error)]).format(name=goal.name)) from error
    except JobError as error:
        raise ImportFailed(str(error)) from error
    mesh = import_mesh(job.mesh_path, job.request, scene)
    mesh.transform(Matrix(place.tolist()))
    if np.linalg.det(place[:3, :3]) < 0:  # mirrored: the inside would be outside
        mesh.flip_normals()
    _replace(obj, mesh)
    for name in (*PROPERTIES, TEXTURE_PROPERTY):
        if name in obj:
            del obj[name]
    store_request(obj, job.request)
    return obj


def import_changed(job: Job, scene: Any, *, select: bool = True) -> Any:
    """Imports the new version as another object, where the object stood when the job was started.

    Raises:
        ImportFailed: The mesh cannot be imported.
    """
    goal = target.target_of(job)
    if goal is None or job.mesh_path is None:
        raise ImportFailed(tr("The job has no mesh. Resume it, or generate the object again."))
    return import_copy(job.mesh_path, job.request, scene, goal.matrix, select=select)


def _replace(obj: Any, mesh: Any) -> None:
    old, name = obj.data, obj.data.name
    groups = _weights_of(obj)
    obj.data = mesh
    for slot in obj.material_slots:
        slot.link = "DATA"  # a texture of the old version is on the object
    obj.dreamfusion_slots.clear()
    _assign(obj, old, groups)
    if not old.users:
        bpy.data.meshes.remove(old)
    mesh.name = name


def _weights_of(obj: Any) -> dict[str, dict[int, float]]:
    """The weights of all vertex groups: name -> vertex -> weight."""
    names = [group.name for group in obj.vertex_groups]
    found: dict[str, dict[int, float]] = {name: {} for name in names}
    for vertex in obj.data.vertices if names else ():
        for entry in vertex.groups:
            found[names[entry.group]][vertex.index] = entry.weight
    return found


def _assign(obj: Any, old: Any, groups: dict[str, dict[int, float]]) -> None:
    """Gives the vertices of the new mesh the weights of the nearest old vertices: modifiers use vertex groups."""
    if not groups:
        return
    tree = KDTree(len(old.vertices))
    for vertex in old.vertices:
        tree.insert(vertex.co, vertex.index)
    tree.balance()
    nearest = [tree.find(vertex.co)[1] for vertex in obj.data.vertices]
    for name, weights in groups.items():
        group = obj.vertex_groups.get(name) or obj.vertex_groups.new(name=name)
        for number, source in enumerate(nearest):
            if weight := weights.get(source):
                group.add([number], weight, "REPLACE")
