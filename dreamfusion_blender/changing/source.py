"""Reads the mesh data of an object, without its modifiers, in its own space, for a job that changes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..backend.errors import JobError
from ..backend.inputs.mesh_file import InputMesh, make_mesh, present_name
from ..core import png
from ..core.translate import tr
from ..texturing import pictures, surface
from ..texturing.base_color import GRAY, base_color_of
from . import frame
from .options import ChangeOptions

Index = NDArray[np.int32]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Triangles:
    """Faces of a mesh: their vertices [F, 3], corners [F, 3] and material slots [F]."""

    vertices: Index
    corners: Index
    slot: Index

    @staticmethod
    def of(mesh: Any) -> Triangles:
        mesh.calc_loop_triangles()
        count = len(mesh.loop_triangles)
        corners = surface.read(mesh.loop_triangles, "loops", 3 * count, np.int32).reshape(count, 3)
        polygon = surface.read(mesh.loop_triangle_polygons, "value", count, np.int32)
        return Triangles(surface.corner_vertices(mesh)[corners], corners, surface.slots_of(mesh)[polygon])


def read_shape(obj: Any, options: ChangeOptions) -> InputMesh:
    """The triangles, and the region as mask. Without colors.

    Raises:
        JobError: The region does not exist or is empty, or the mesh is too large.
    """
    triangles = Triangles.of(obj.data)
    return make_mesh(frame.vertices_of(obj.data), triangles.vertices, mask=_mask(obj, options, triangles))


def read_colored(obj: Any, options: ChangeOptions, front_deg: float) -> tuple[InputMesh, Mapping[str, bytes]]:
    """Like `read_shape`, with a sheet for each material slot, and the files with their present textures.

    front_deg: azimuth of the front in the space of the object.

    A material has a texture if its base color is an image whose UV map stays in the first tile. Other materials have one color.
    """
    mesh, triangles = obj.data, Triangles.of(obj.data)
    slot = triangles.slot.clip(0, max(0, len(obj.material_slots) - 1))
    colors, files = [GRAY] * max(1, len(obj.material_slots)), {}
    uv = np.zeros((len(slot), 3, 2), np.float32)
    for number, entry in enumerate(obj.material_slots):
        color, rows = base_color_of(entry.material), slot == number
        colors[number] = color.color
        name = color.uv_map or next((layer.name for layer in mesh.uv_layers if layer.active_render), "")
        layer = surface.read_uv(mesh, name) if name and color.image is not None and rows.any() else None
        if layer is None:
            continue
        found = layer[triangles.corners[rows]]
        pixels = pictures.pixels_of(color.image, 1001)
        if pixels is not None and np.isfinite(found).all() and found.min() > -1e-4 and found.max() < 1 + 1e-4:
            uv[rows] = found.clip(0, 1)
            files[present_name(number)] = png.encode(pixels)
    options_of_mesh = {
        "sheet": slot,
        "colors": np.array(colors, np.uint8),
        "mask": _mask(obj, options, triangles),
        "front_deg": front_deg,
    }
    if files:
        options_of_mesh["uv"] = uv
    return make_mesh(frame.vertices_of(mesh), triangles.vertices, **options_of_mesh), files


def _mask(obj: Any, options: ChangeOptions, triangles: Triangles) -> Floats | None:
    """[F, 3]: how much each corner may change. None: everything."""
    if options.region == "ALL":
        return None
    if options.region == "FACES":
        mask = surface.read_selection(obj.data)[triangles.corners]
    else:
        mask = _weights(obj, options.group)[triangles.vertices]
    if not mask.any():
        raise JobError(tr("The region is empty. Select some faces in Edit Mode, or change the whole object."))
    return mask


def _weights(obj: Any, name: str) -> Floats:
    """[V]: the weights of a vertex group."""
    group = obj.vertex_groups.get(name)
    if group is None:
        text = tr(
            '"{name}" has no vertex group "{group}". Choose one of its vertex groups, or change the whole object.'
        )
        raise JobError(text.format(name=obj.name, group=name))
    weights = np.zeros(len(obj.data.vertices), np.float32)
    for number, vertex in enumerate(obj.data.vertices):
        weights[number] = next((entry.weight for entry in vertex.groups if entry.group == group.index), 0.0)
    return weights
