"""Reads the surface of several objects as they are seen, joined in world space, through numpy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..backend.errors import JobError
from ..backend.inputs.mesh_file import MAX_FACES
from ..core.translate import tr
from ..stage.surroundings import SURFACES
from ..texturing.surface import corner_vertices, read

Floats = NDArray[np.float64]
Index = NDArray[np.int32]


def is_usable(obj: Any) -> bool:
    """Whether an object may have a surface: meshes, curves, texts, metaballs, and instances of collections."""
    return obj.type in SURFACES or obj.instance_type == "COLLECTION"


def usable(view_layer: Any) -> list[Any]:
    """The selected objects to start from, by name."""
    chosen = [obj for obj in view_layer.objects if obj.select_get(view_layer=view_layer) and is_usable(obj)]
    return sorted(chosen, key=lambda obj: str(obj.name))


def named(names: Sequence[str], view_layer: Any) -> list[Any]:
    """The objects with these names.

    Raises:
        JobError: one does not exist, or cannot be used.
    """
    found = []
    for name in dict.fromkeys(names):
        obj = view_layer.objects.get(name)
        if obj is None:
            raise JobError(tr('There is no object "{name}" in this view layer.').format(name=name))
        if not is_usable(obj):
            raise JobError(
                tr('"{name}" has no surface to start from. Choose a mesh, a curve, or a text.').format(name=name)
            )
        found.append(obj)
    return found


def read_objects(objects: Sequence[Any], view_layer: Any) -> tuple[Floats, Index]:
    """The triangles of all objects with modifiers, parents and instances: vertices [V, 3], faces [F, 3].

    Objects that were hidden, for example because a result stands in their place, are read like visible ones.

    Raises:
        JobError: An object is disabled or being edited, or the objects have no faces, or too many.
    """
    if not objects:
        raise JobError(tr("No object to start from is selected. Select meshes, curves, or texts."))
    with _shown(objects, view_layer):
        return _read_visible(objects, view_layer)


@contextmanager
def _shown(objects: Sequence[Any], view_layer: Any) -> Iterator[None]:
    """Shows hidden objects for a moment: Blender evaluates modifiers only for visible ones."""
    hidden = [obj for obj in objects if obj.hide_get(view_layer=view_layer)]
    try:
        for obj in hidden:
            obj.hide_set(False, view_layer=view_layer)
        yield
    finally:
        for obj in hidden:
            obj.hide_set(True, view_layer=view_layer)


def _read_visible(objects: Sequence[Any], view_layer: Any) -> tuple[Floats, Index]:
    for obj in objects:
        if not obj.visible_get(view_layer=view_layer):
            text = tr('"{name}" is hidden in this view layer. Show it, because its modifiers are evaluated only then.')
            raise JobError(text.format(name=obj.name))
        if obj.mode == "EDIT":
            raise JobError(tr("Objects are read in Object Mode. Switch to Object Mode first."))
    view_layer.update()
    vertices, faces, count = [], [], 0
    for points, triangles in _parts(set(objects), view_layer.depsgraph):
        faces.append(triangles + count)
        vertices.append(points)
        count += len(points)
    total = sum(map(len, faces))
    if not total:
        raise JobError(tr("The selected objects have no faces. Select objects with a surface."))
    if total > MAX_FACES:
        text = tr("The objects have {count} triangles, the limit is {limit}. Select fewer, or use a Decimate modifier.")
        raise JobError(text.format(count=f"{total:,}", limit=f"{MAX_FACES:,}"))
    return np.concatenate(vertices), np.concatenate(faces)


def _parts(objects: set[Any], depsgraph: Any) -> Iterator[tuple[Floats, Index]]:
    """The triangles of each object and each of its instances, in world space."""
    for instance in depsgraph.object_instances:
        owner = instance.parent if instance.is_instance else instance.object
        if owner is None or owner.original not in objects or instance.object.type not in SURFACES:
            continue
        matrix = np.array(instance.matrix_world, np.float64)  # before the iterator moves on
        if instance.is_instance or instance.show_self:
            yield from _triangles(instance.object, matrix)


def _triangles(evaluated: Any, matrix: Floats) -> Iterator[tuple[Floats, Index]]:
    mesh = evaluated.to_mesh()
    try:
        if mesh is None:
            return
        mesh.calc_loop_triangles()
        count = len(mesh.loop_triangles)
        if not count:
            return
        corners = read(mesh.loop_triangles, "loops", 3 * count, np.int32).reshape(count, 3)
        local = read(mesh.attributes["position"].data, "vector", 3 * len(mesh.vertices), np.float32).reshape(-1, 3)
        faces = corner_vertices(mesh)[corners]
    finally:
        evaluated.to_mesh_clear()
    if np.linalg.det(matrix[:3, :3]) < 0:  # mirrored: the other side would be outside
        faces = np.ascontiguousarray(faces[:, ::-1])
    yield local.astype(np.float64) @ matrix[:3, :3].T + matrix[:3, 3], faces
