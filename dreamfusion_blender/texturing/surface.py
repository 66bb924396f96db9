"""Reads the surface of an object as it is seen, with modifiers and pose, through numpy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..backend.errors import JobError
from ..backend.inputs.mesh_file import MAX_FACES
from ..core.translate import tr

Floats = NDArray[np.float32]
Index = NDArray[np.int32]
UV_NAME = "DreamFusion"  # of new UV maps
MASK = "dreamfusion_mask"  # attribute of a temporary copy: the weights of a vertex group


@dataclass(frozen=True)
class Surface:
    """
    Attributes:
        vertices: [V, 3] float64, world space.
        faces: [F, 3], vertices of the triangles, counterclockwise from outside.
        corners: [F, 3], the same corners by their number in the evaluated mesh, which has L corners.
        slot: [F], material slot.
    """

    vertices: NDArray[np.float64]
    faces: Index
    corners: Index
    slot: Index


@contextmanager
def evaluated_mesh(obj: Any, depsgraph: Any) -> Iterator[Any]:
    """The mesh of an object with all modifiers of the viewport, for reading only."""
    evaluated = obj.evaluated_get(depsgraph)
    try:
        yield evaluated.to_mesh()
    finally:
        evaluated.to_mesh_clear()


def read_surface(obj: Any, mesh: Any, depsgraph: Any) -> Surface:
    """Reads the triangles of an evaluated mesh.

    Raises:
        JobError: It has no faces, too many, or materials that the object's slots do not have.
    """
    mesh.calc_loop_triangles()
    count = len(mesh.loop_triangles)
    if not count:
        raise JobError(tr('"{name}" has no faces after its modifiers. Turn some off.').format(name=obj.name))
    if count > MAX_FACES:
        text = tr(
            '"{name}" has {count} triangles, the limit is {limit}. Use a Decimate modifier or fewer subdivisions.'
        )
        raise JobError(text.format(name=obj.name, count=f"{count:,}", limit=f"{MAX_FACES:,}"))
    corners = read(mesh.loop_triangles, "loops", 3 * count, np.int32).reshape(count, 3)
    polygon = read(mesh.loop_triangle_polygons, "value", count, np.int32)
    slot = slots_of(mesh)[polygon].clip(0, max(0, _slot_count(obj, mesh) - 1))
    _check_materials(obj, mesh, slot)
    local = read(mesh.attributes["position"].data, "vector", 3 * len(mesh.vertices), np.float32).reshape(-1, 3)
    matrix = np.array(obj.evaluated_get(depsgraph).matrix_world, np.float64)
    if np.linalg.det(matrix[:3, :3]) < 0:  # mirrored: the other side would be outside
        corners = np.ascontiguousarray(corners[:, ::-1])
    vertices = local.astype(np.float64) @ matrix[:3, :3].T + matrix[:3, 3]
    return Surface(vertices, corner_vertices(mesh)[corners], corners, slot)


def read_uv(mesh: Any, name: str) -> Floats | None:
    """[L, 2]: a UV map. None if the mesh does not have it."""
    layer = mesh.uv_layers.get(name)
    return None if layer is None else read(layer.uv, "vector", 2 * len(mesh.loops), np.float32).reshape(-1, 2)


def read_selection(mesh: Any) -> Floats:
    """[L]: 1 for the corners of selected faces, 0 for the others."""
    selected = read(mesh.polygons, "select", len(mesh.polygons), np.bool_)
    totals = read(mesh.polygons, "loop_total", len(mesh.polygons), np.int32)
    return np.repeat(selected.astype(np.float32), totals)


def read_mask(mesh: Any) -> Floats | None:
    """[L]: the attribute `MASK`, which belongs to vertices. None if modifiers have removed it."""
    attribute = mesh.attributes.get(MASK)
    if attribute is None or attribute.domain != "POINT":
        return None
    weights: Floats = read(attribute.data, "value", len(mesh.vertices), np.float32)[corner_vertices(mesh)]
    return weights


def corner_vertices(mesh: Any) -> Index:
    """[L]: the vertex of each corner."""
    return read(mesh.attributes[".corner_vert"].data, "value", len(mesh.loops), np.int32)


def slots_of(mesh: Any) -> Index:
    """[number of polygons]: their material slots."""
    attribute = mesh.attributes.get("material_index")
    if attribute is None:
        return np.zeros(len(mesh.polygons), np.int32)
    return read(attribute.data, "value", len(mesh.polygons), np.int32)


def free_uv_name(mesh: Any) -> str:
    """A name for a new UV map."""
    taken = {attribute.name for attribute in mesh.attributes}
    names = (UV_NAME, *(f"{UV_NAME}.{number:03}" for number in range(1, len(taken) + 2)))
    return next(name for name in names if name not in taken)


def read(collection: Any, name: str, count: int, kind: Any) -> Any:
    """An array [count] of a property of all items."""
    values = np.empty(count, kind)
    collection.foreach_get(name, values)
    return values


def _slot_count(obj: Any, mesh: Any) -> int:
    return max(len(obj.material_slots), len(mesh.materials))


def _check_materials(obj: Any, mesh: Any, slot: Index) -> None:
    """Raises JobError if modifiers have assigned materials, which the slots of the object cannot replace."""
    own = [material and material.original for material in obj.data.materials]
    seen = [material and material.original for material in mesh.materials]
    for number in np.unique(slot):
        if (seen[number] if number < len(seen) else None) != (own[number] if number < len(own) else None):
            text = tr('The modifiers of "{name}" assign materials. Apply these modifiers, or turn them off.')
            raise JobError(text.format(name=obj.name))
