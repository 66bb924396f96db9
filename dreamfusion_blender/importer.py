"""Imports the mesh of a finished job as one object."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from mathutils import Matrix

from . import compat, materials
from .backend.jobs.request import JobRequest
from .cleanup import Selection
from .core import gltf
from .core.naming import name_for
from .core.translate import tr
from .stage import settling
from .stage.surroundings import view_layer_of

FARTHEST = 1e6  # coordinate of a cursor that is used
FARTHEST_VERTEX = 1e20  # in scenes whose unit is a nanometer, the importer makes large numbers


class ImportFailed(Exception):
    """The mesh cannot be imported. The message is for the user."""


def import_result(
    mesh: Path, request: JobRequest, scene: bpy.types.Scene, location: Sequence[float], *, select: bool = True
) -> bpy.types.Object:
    """Imports a GLB into `scene` and stores the request as custom properties.

    It stands on the surface below `location` (world units), or next to what is there, in the size of the request.

    Must run outside of edit modes; pushes no undo step. After an exception, parts of the import remain (see `cleanup`).

    Args:
        select: Selects only the object and makes it active. Otherwise the selection does not change.

    Raises:
        ImportFailed: The file is missing or contains no mesh, or the scene cannot take objects.
    """
    obj = _read_checked(mesh, scene)
    _place(obj, scene)
    settling.settle(obj, scene, location, settling.size_of(request, scene))
    _name(obj, request.prompt)
    materials.prepare(obj, request)
    store_request(obj, request)
    if select:
        _select_only(obj, scene)
    return obj


def import_copy(
    mesh: Path, request: JobRequest, scene: bpy.types.Scene, matrix: Sequence[Sequence[float]], *, select: bool = True
) -> bpy.types.Object:
    """Like `import_result`, but with the matrix [4, 4] from the file's coordinates to the world, and nothing moves it."""
    obj = _read_checked(mesh, scene)
    _place(obj, scene)
    obj.matrix_world = Matrix(matrix)
    _name(obj, request.prompt)
    materials.prepare(obj, request)
    store_request(obj, request)
    if select:
        _select_only(obj, scene)
    return obj


def import_mesh(mesh: Path, request: JobRequest, scene: bpy.types.Scene) -> bpy.types.Mesh:
    """Imports only the mesh data with its material, in the file's coordinates.

    Raises:
        ImportFailed: see `import_result`.
    """
    obj = _read_checked(mesh, scene)
    obj.data.shade_smooth()
    _name(obj, request.prompt)
    materials.prepare(obj, request)
    data: Any = obj.data
    bpy.data.objects.remove(obj)
    return data  # type: ignore[no-any-return]


def _read_checked(mesh: Path, scene: bpy.types.Scene) -> bpy.types.Object:
    _check_editable(scene)
    if not mesh.is_file():
        raise ImportFailed(tr("The mesh {mesh} is missing. Generate the object again.").format(mesh=mesh))
    obj = _read_glb(mesh) if gltf.is_self_contained(mesh) else None
    if obj is None or not _has_size(obj):
        reason = tr("it is damaged or refers to other files")
        text = tr("Cannot read the mesh {mesh} ({reason}). Generate the object again.")
        raise ImportFailed(text.format(mesh=mesh, reason=reason))
    return obj


def _has_size(obj: bpy.types.Object) -> bool:
    """Whether all vertices have a usable position, and not all the same one. Nothing can be placed otherwise."""
    data: Any = obj.data
    flat = np.empty(3 * len(data.vertices), np.float32)
    data.vertices.foreach_get("co", flat)
    extent = float(np.ptp(flat.reshape(-1, 3).astype(np.float64), axis=0).max()) if len(flat) else 0.0
    return 0 < extent < FARTHEST_VERTEX and bool(np.abs(flat).max() < FARTHEST_VERTEX)


def _read_glb(mesh: Path) -> bpy.types.Object:
    """Imports the only mesh object of the file, without the parents, empties and collections that the importer adds."""
    window = bpy.context.window or bpy.context.window_manager.windows[0]
    _check_editable(window.scene)  # Blender's importer adds everything to this scene first
    view_layer = window.view_layer
    selection, active_collection = Selection.of(view_layer), view_layer.active_layer_collection
    objects_before = {compat.session_uid(o) for o in bpy.data.objects}
    collections_before = {compat.session_uid(c) for c in bpy.data.collections}
    options = compat.supported(
        bpy.ops.import_scene.gltf,
        import_pack_images=True,
        merge_vertices=True,  # glTF splits vertices at UV seams; merging closes the surface again
        import_shading="SMOOTH",
        import_scene_as_collection=False,
        import_select_created_objects=False,
        import_scene_extras=False,
    )
    view_layer.active_layer_collection = view_layer.layer_collection  # the active one may not take objects
    try:
        with bpy.context.temp_override(window=window):
            bpy.ops.import_scene.gltf(filepath=os.fspath(mesh), **options)
    except RuntimeError as error:
        text = tr("Cannot read the mesh {mesh} ({reason}). Generate the object again.")
        raise ImportFailed(text.format(mesh=mesh, reason=last_line(error))) from error
    finally:
        view_layer.active_layer_collection = active_collection
        selection.restore(view_layer)
    made = [o for o in bpy.data.objects if compat.session_uid(o) not in objects_before]
    meshes = [o for o in made if o.type == "MESH"]
    result = meshes[0] if meshes else None
    if result is not None:
        view_layer.update()
        matrix = result.matrix_world.copy()
        result.parent = None
        result.data.transform(matrix)
        result.matrix_world.identity()
    for o in made:
        if o != result:
            bpy.data.objects.remove(o)
    for collection in list(bpy.data.collections):
        if compat.session_uid(collection) not in collections_before and not collection.all_objects:
            bpy.data.collections.remove(collection)
    if result is None:
        text = tr("The file {mesh} contains no mesh. Generate the object again.")
        raise ImportFailed(text.format(mesh=mesh))
    return result


def last_line(error: Exception) -> str:
    """The last line of the message of an exception, for use in a sentence.

    Blender adds the place in its own code to the message of an operator that failed.
    """
    lines = [line.strip() for line in str(error).splitlines() if line.strip() and not line.startswith("Location: ")]
    return (lines or [type(error).__name__])[-1].removeprefix("Error: ").rstrip(".")


def _check_editable(scene: bpy.types.Scene) -> None:
    if scene.library is not None:
        text = tr('The scene "{scene}" is linked from another file and cannot take objects. Open another scene.')
        raise ImportFailed(text.format(scene=scene.name))


def _place(obj: bpy.types.Object, scene: bpy.types.Scene) -> None:
    for collection in list(obj.users_collection):
        collection.objects.unlink(obj)
    collection_for(view_layer_of(scene)).objects.link(obj)
    obj.rotation_mode = "XYZ"
    obj.rotation_euler = (0.0, 0.0, 0.0)
    obj.scale = (1.0, 1.0, 1.0)
    obj.data.shade_smooth()


def collection_for(view_layer: bpy.types.ViewLayer) -> bpy.types.Collection:
    """The active collection, or its nearest parent that is visible, selectable and not linked from a library."""
    layers = _path_to(view_layer.active_layer_collection, view_layer.layer_collection)
    chosen = layers[0].collection  # the scene's own collection
    for layer in layers[1:]:
        collection = layer.collection
        if layer.exclude or layer.hide_viewport or collection.hide_viewport or collection.hide_select:
            break  # this applies to the collections in it, too
        if collection.library is None and collection.override_library is None:
            chosen = collection
    return chosen


def _path_to(wanted: bpy.types.LayerCollection, root: bpy.types.LayerCollection) -> list[bpy.types.LayerCollection]:
    """The collections from `root` to `wanted`; only `root` if `wanted` is not below it."""
    stack = [[root]]
    while stack:
        path = stack.pop()
        if path[-1] == wanted:
            return path
        stack += [[*path, child] for child in path[-1].children]
    return [root]


def _name(obj: bpy.types.Object, prompt: str) -> None:
    name = name_for(prompt)
    obj.name = name
    obj.data.name = name
    for slot in obj.material_slots:
        material = slot.material
        if material is None:
            continue
        material.name = name
        compat.enable_nodes(material)
        for node in material.node_tree.nodes:
            if node.type == "TEX_IMAGE" and node.image:  # named albedo, normal and roughness in the file
                node.image.name = f"{name} {node.image.name.partition('.')[0]}"


def store_request(obj: bpy.types.Object, request: JobRequest) -> None:
    """Stores the request as custom properties of its object."""
    facts: dict[str, Any] = {
        "prompt": request.prompt,
        "negative_prompt": request.negative_prompt,
        "seed": request.seed,
        "preset": request.preset,
        "prior": request.prior,
        "job": request.id,
        "created": request.created,
    }
    for name, value in facts.items():
        if value != "":
            obj[f"dreamfusion_{name}"] = value


def _select_only(obj: bpy.types.Object, scene: bpy.types.Scene) -> None:
    view_layer = view_layer_of(scene)
    view_layer.update()
    for other in view_layer.objects:
        other.select_set(other == obj, view_layer=view_layer)
    view_layer.objects.active = obj


def cursor_of(origin: Mapping[str, object], scene: bpy.types.Scene) -> tuple[float, float, float]:
    """The 3D cursor when the job was submitted, or the current one if the request has none."""
    raw = origin.get("cursor")
    if isinstance(raw, list) and len(raw) == 3 and all(isinstance(c, (int, float)) and abs(c) < FARTHEST for c in raw):
        return (float(raw[0]), float(raw[1]), float(raw[2]))
    return tuple(scene.cursor.location)  # type: ignore[return-value]
