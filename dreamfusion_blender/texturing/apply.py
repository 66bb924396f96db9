"""Puts the finished textures of a job on its object. Vertices, faces, UV maps, materials and modifiers stay as they are.

Only three things are added: painted copies of the materials in slots of the object; a new UV map, if the job made one; and a slot, if
the object had none.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..backend.errors import JobError
from ..backend.inputs.mesh_file import read_mesh
from ..backend.inputs.placement import Placement
from ..backend.jobs.reading import inside, open_regular
from ..core.job import Job
from ..core.material_words import Finish, finish_of
from ..core.naming import TEXTURE_PROPERTY, name_for
from ..core.translate import tr
from ..importer import ImportFailed, import_copy
from ..materials import mean_color
from . import before_after, checks, images, surface, target
from .painted import painted_copy
from .target import NotMatching, Target

TEXTS = {
    "deleted": 'The object "{name}" was deleted. Undo that and click Apply Texture, or import a painted copy.',
    "faces": 'The faces of "{name}" have changed. Undo that and click Apply Texture, or import a painted copy.',
    "uv": 'The UV map of "{name}" has changed. Undo that and click Apply Texture, or import a painted copy.',
}


def apply_texture(job: Job, scene: Any, *, use_words: bool = True) -> Any:
    """Puts the textures on the object that the job painted, and returns it.

    If that fails, the object and its data are as before, but new data-blocks may remain (see `cleanup`).

    Args:
        use_words: material words in the prompt set roughness and metallic.

    Raises:
        ImportFailed: The object or the textures cannot be used. The message suggests what to do.
    """
    goal = target.target_of(job)
    if goal is None:
        raise ImportFailed(tr("The job does not name the object that it paints. Import a painted copy."))
    try:
        obj = target.find(goal, scene)
    except NotMatching as error:
        raise ImportFailed(tr(TEXTS[str(error)]).format(name=goal.name)) from error
    if obj.mode != "OBJECT":
        raise ImportFailed(tr("Objects can be painted only in Object Mode. Switch to Object Mode first."))
    adds_uv = goal.brings_uv
    try:
        checks.check_data(obj, adds_uv=adds_uv, single_user=goal.single_user)
    except JobError as error:
        raise ImportFailed(str(error)) from error
    new_uv = _new_uv(job, obj) if adds_uv else None
    pictures = [
        images.load(
            [(tile, _picture(job, n)) for n, (owner, tile) in enumerate(goal.sheets) if owner == group], obj.name, tiled
        )
        for group, tiled in enumerate(goal.tiled)
    ]
    data, slots, maps = obj.data, len(obj.data.materials), {layer.name for layer in obj.data.uv_layers}
    try:
        if (adds_uv or not obj.material_slots) and checks.is_shared(obj):
            obj.data = data.copy()
        uv_map = target.uv_map_of(obj, goal) if new_uv is None else _add_uv(obj.data, new_uv)
        if not obj.material_slots:
            obj.data.materials.append(None)
        is_active = obj.data.uv_layers[uv_map].active_render
        painted = _materials(obj, job, goal, pictures, uv_map, is_active, use_words)
        before_after.remember(obj, painted)
    except Exception:
        obj.data = data
        for name in {layer.name for layer in data.uv_layers} - maps:
            data.uv_layers.remove(data.uv_layers[name])
        while len(data.materials) > slots:
            data.materials.pop()
        raise
    obj[TEXTURE_PROPERTY] = job.id
    return obj


def import_painted(job: Job, scene: Any, *, select: bool = True) -> Any:
    """Imports the painted mesh of the job as another object, where its object stood when the job was started.

    Raises:
        ImportFailed: The mesh cannot be imported.
    """
    if job.mesh_path is None:
        raise ImportFailed(tr("The job has no mesh. Resume it, or generate the object again."))
    try:
        source = read_mesh(job.folder)
    except JobError as error:
        raise ImportFailed(str(error)) from error
    matrix = Placement.of_mesh(source).matrix.tolist()
    obj = import_copy(job.mesh_path, job.request, scene, matrix, select=select)
    obj[TEXTURE_PROPERTY] = job.id
    return obj


def notes_on(report: Any) -> Sequence[str]:
    """What the user should know about the UV map, from the report of a job."""
    notes = []
    missing, shared, texels = (report.get(name, 0) for name in ("faces_without_uv", "texels_shared", "texels"))
    if isinstance(missing, int) and missing > 0:
        notes.append(tr("{count} triangles have no area in the UV map and are not painted.").format(count=missing))
    if isinstance(shared, int) and isinstance(texels, int) and shared > 0.02 * max(texels, 1):
        text = tr(
            "{share} of the texture is shared by parts of the object. Choose New as UV Map to paint them separately."
        )
        notes.append(text.format(share=f"{shared / max(texels, 1):.0%}"))
    return notes


def _materials(
    obj: Any, job: Job, goal: Target, pictures: Sequence[Any], uv_map: str, is_active: bool, use_words: bool
) -> dict[int, Any]:
    """The painted material of each slot."""
    painted: dict[int, Any] = {}
    finish = _finish(job) if use_words else None
    for slots, image in zip(goal.groups, pictures, strict=True):
        copies: dict[str, Any] = {}
        color = mean_color(obj.data, image, uv_map, slots if len(goal.groups) > 1 else ())
        for number in slots:
            old = obj.material_slots[number].material
            key = old.name_full if old is not None else ""
            if key not in copies:
                name = f"{old.name if old is not None else obj.name} - {name_for(job.request.prompt)}"
                copies[key] = painted_copy(old, name, image, "" if is_active else uv_map, finish)
                copies[key].diffuse_color = (*color, copies[key].diffuse_color[3])
            painted[number] = copies[key]
    return painted


def _finish(job: Job) -> Finish | None:
    finish, roughness = finish_of(job.request.prompt), job.request.overrides.get("mesh.roughness")
    is_set = finish is not None and isinstance(roughness, (int, float))
    return Finish(finish.metallic, float(roughness)) if is_set else finish  # type: ignore[union-attr, arg-type]


def _add_uv(mesh: Any, uv: NDArray[np.float32]) -> str:
    """Adds a UV map to a mesh. The active ones stay active."""
    layers = mesh.uv_layers
    active, shown = layers.active_index, next((n for n, layer in enumerate(layers) if layer.active_render), -1)
    name = layers.new(name=surface.free_uv_name(mesh), do_init=False).name
    layers[name].uv.foreach_set("vector", uv.ravel())
    if shown >= 0:
        layers.active_index = active
        layers[shown].active_render = True
    return str(name)


def _picture(job: Job, number: int) -> Path:
    """The texture of a sheet."""
    name = "asset/albedo.png" if number == 0 else f"asset/albedo-{number}.png"
    path = inside(job.folder, name)
    if path is None or not path.is_file():
        text = tr("The texture {file} is missing. Resume the job, or start it again.")
        raise ImportFailed(text.format(file=os.fspath(job.folder / name)))
    return path


def _new_uv(job: Job, obj: Any) -> NDArray[np.float32]:
    """The new UV map [L, 2] of a job."""
    path = job.folder / target.UV_FILE
    try:
        with open_regular(path) as file:
            uv = np.load(file, allow_pickle=False)
        if uv.shape != (len(obj.data.loops), 2) or uv.dtype != np.float32 or not np.isfinite(uv).all():
            raise ValueError(uv.shape)
    except (OSError, ValueError, EOFError) as error:
        text = tr("The UV map {file} is missing or damaged. Start the job again.")
        raise ImportFailed(text.format(file=os.fspath(path))) from error
    found: NDArray[np.float32] = uv
    return found
