"""Imports the mesh of a finished job as one object."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import bpy

from . import compat
from .backend.jobs.request import JobRequest

JOB = "dreamfusion_job"  # custom property of an imported object: the id of its job
NAME_LENGTH = 48  # of names made from prompts; Blender's limit is 63 bytes


class ImportFailed(Exception):
    """The mesh cannot be imported. The message is for the user."""


def import_result(
    mesh: Path, request: JobRequest, scene: bpy.types.Scene, location: Sequence[float]
) -> bpy.types.Object:
    """Imports a GLB into `scene` at `location` (world units), selects it and stores the request as custom properties.

    Must run outside of edit modes; pushes no undo step.

    Raises:
        ImportFailed: The file is missing or contains no mesh.
    """
    if not mesh.is_file():
        raise ImportFailed(f"The mesh {mesh} is missing. Generate the object again.")
    obj = _read_glb(mesh)
    _place(obj, scene, location)
    _name(obj, request.prompt)
    _store_request(obj, request)
    _select_only(obj, scene)
    return obj


def name_for(prompt: str) -> str:
    """A short name for data-blocks: the first words of the prompt."""
    name = prompt
    while len(name) > NAME_LENGTH or len(name.encode()) > 60:
        shorter = name.rpartition(" ")[0]
        name = shorter if shorter else name[: max(1, min(NAME_LENGTH, len(name) - 1))]
    return name


def _read_glb(mesh: Path) -> bpy.types.Object:
    """Imports the only mesh object of the file, without the parents, empties and collections that the importer adds."""
    window = bpy.context.window or bpy.context.window_manager.windows[0]
    view_layer = window.view_layer
    selected = [o.name for o in view_layer.objects if o.select_get(view_layer=view_layer)]
    active = view_layer.objects.active
    active_name = active.name if active else ""
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
    try:
        with bpy.context.temp_override(window=window):
            bpy.ops.import_scene.gltf(filepath=os.fspath(mesh), **options)
    except RuntimeError as error:
        reason = str(error).strip().splitlines()[-1].removeprefix("Error: ") if str(error).strip() else "unknown reason"
        raise ImportFailed(f"Cannot import the mesh {mesh}: {reason}. See the job folder.") from error
    made = [o for o in bpy.data.objects if compat.session_uid(o) not in objects_before]
    meshes = [o for o in made if o.type == "MESH"]
    for o in view_layer.objects:
        o.select_set(o.name in selected, view_layer=view_layer)
    view_layer.objects.active = view_layer.objects.get(active_name)
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
        raise ImportFailed(f"The file {mesh} contains no mesh. Generate the object again.")
    return result


def _place(obj: bpy.types.Object, scene: bpy.types.Scene, location: Sequence[float]) -> None:
    for collection in list(obj.users_collection):
        collection.objects.unlink(obj)
    _active_collection(scene).objects.link(obj)
    obj.rotation_mode = "XYZ"
    obj.rotation_euler = (0.0, 0.0, 0.0)
    obj.scale = (1.0, 1.0, 1.0)
    obj.location = tuple(location)
    obj.data.shade_smooth()


def _active_collection(scene: bpy.types.Scene) -> bpy.types.Collection:
    """The active collection of the scene, or its master collection if the active one is hidden."""
    layer_collection = view_layer_of(scene).active_layer_collection
    if layer_collection is None or layer_collection.exclude or layer_collection.hide_viewport:
        return scene.collection
    return layer_collection.collection


def view_layer_of(scene: bpy.types.Scene) -> bpy.types.ViewLayer:
    """The view layer that a window shows, or the first one of the scene."""
    for window in bpy.context.window_manager.windows:
        if window.scene == scene:
            return window.view_layer
    return scene.view_layers[0]


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


def _store_request(obj: bpy.types.Object, request: JobRequest) -> None:
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
    if isinstance(raw, list) and len(raw) == 3 and all(isinstance(c, (int, float)) for c in raw):
        return (float(raw[0]), float(raw[1]), float(raw[2]))
    return tuple(scene.cursor.location)  # type: ignore[return-value]
