"""Makes a job that paints an object of the scene."""

from __future__ import annotations

import io
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import session, submission
from ..backend.errors import JobError
from ..backend.inputs.mesh_file import NAME, encode_mesh, make_mesh, present_name
from ..backend.jobs.request import new_job
from ..core import png
from ..core.job import Job
from ..core.translate import tr
from . import checks, extra_layers, pictures, sheets, surface, target
from .base_color import BaseColor, base_color_of
from .options import TextureOptions
from .target import UV_FILE

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class TextureJob:
    """
    Attributes:
        files: of the job's folder, see `backend.jobs.folder.create_job_folder`.
        target: see `target.Target`.
        overrides: settings of the job.
        notes: sentences for the user.
    """

    files: Mapping[str, bytes]
    target: target.Target
    overrides: Mapping[str, Any]
    notes: tuple[str, ...] = ()


def submit(
    scene: Any, view_layer: Any, obj: Any, prompt: str, options: TextureOptions, **request: Any
) -> tuple[Job, tuple[str, ...]]:
    """Submits a job that paints `obj`. Returns the job and notes for the user.

    Args:
        request: other fields of the request, see `JobRequest`.

    Raises:
        JobError: The object cannot be painted, the request is wrong, or the add-on is not set up.
    """
    overrides = dict(request.pop("overrides", {}))
    draft = new_job(prompt, mode="texture", overrides=overrides, **request)  # first, because it is quick to check
    made = prepare(scene, view_layer, obj, options)
    origin = {**session.origin_of(scene), target.KEY: made.target.as_note()}
    fields = {"overrides": {**made.overrides, **overrides}, "origin": origin}
    job = submission.submit(scene, new_job(draft.prompt, mode="texture", **request, **fields), made.files)
    return job, made.notes


def prepare(scene: Any, view_layer: Any, obj: Any, options: TextureOptions) -> TextureJob:
    """Reads everything that the job needs. Nothing in the file changes.

    Raises:
        JobError: The object cannot be painted. The message suggests what to do.
    """
    checks.check_object(obj, view_layer)
    checks.check_mask(obj, options.mask, options.group)
    brings_uv = options.uv == "NEW" or not len(obj.data.uv_layers)
    checks.check_data(obj, adds_uv=brings_uv, single_user=options.single_user)
    colors = _base_colors(obj)
    new_uv = extra_layers.smart_uv(obj.data) if brings_uv else None
    uv_map = surface.free_uv_name(obj.data) if brings_uv else _uv_map(obj, colors)
    seen, uv, mask = _read(scene, view_layer, obj, options, uv_map, new_uv)
    colors, notes = _usable_colors(obj, colors, np.unique(seen.slot), uv_map, options, brings_uv=brings_uv)
    divided = sheets.divide(uv[seen.corners], seen.slot, _kinds(colors, options), uv_map)
    shown = [colors[divided.groups[group][0]] for group, _ in divided.sheets]
    mesh = make_mesh(
        seen.vertices,
        seen.faces,
        uv=divided.uv,
        sheet=divided.of_face,
        mask=None if mask is None else mask[seen.corners],
        colors=np.array([color.color for color in shown], np.uint8),
        front_deg=options.front_deg,
    )
    files = {NAME: encode_mesh(mesh), **_present_files(divided, shown, options)}
    if new_uv is not None:
        files[UV_FILE] = _encode(new_uv)
    tiles = [{tile for group, tile in divided.sheets if group == number} for number in range(len(divided.groups))]
    painted = target.Target(
        **target.describe(obj, uv_map, brings_uv=brings_uv),
        single_user=options.single_user,
        groups=divided.groups,
        tiled=tuple(
            found != {sheets.FIRST_TILE} or _is_tiled(colors[slots[0]])
            for found, slots in zip(tiles, divided.groups, strict=True)
        ),
        sheets=divided.sheets,
    )
    return TextureJob(files, painted, options.overrides, tuple(notes))


def _read(
    scene: Any, view_layer: Any, obj: Any, options: TextureOptions, uv_map: str, new_uv: Floats | None
) -> tuple[surface.Surface, Floats, Floats | None]:
    """The surface, its UVs [L, 2], and the mask [L] or None."""
    if options.mask == "FACES":
        obj.data.update_tag()  # scripts can change the selection without a notice
    view_layer.update()
    depsgraph = view_layer.depsgraph
    group = options.group if options.mask == "GROUP" else ""
    with surface.evaluated_mesh(obj, depsgraph) as mesh:
        seen = surface.read_surface(obj, mesh, depsgraph)
        uv = None if new_uv is not None else surface.read_uv(mesh, uv_map)
        mask = surface.read_selection(mesh) if options.mask == "FACES" else None
        count = len(mesh.loops)
    if new_uv is not None or group:
        layers = {"uv": new_uv, "uv_name": uv_map, "group": group}
        with (
            extra_layers.copy_with(obj, scene, view_layer, **layers) as copy,
            surface.evaluated_mesh(copy, view_layer.depsgraph) as mesh,
        ):
            is_same = len(mesh.loops) == count
            uv = surface.read_uv(mesh, uv_map) if new_uv is not None and is_same else uv
            mask = surface.read_mask(mesh) if group and is_same else mask
    if uv is None:
        text = tr('The modifiers of "{name}" remove the UV map "{map}". Apply these modifiers, or turn them off.')
        raise JobError(text.format(name=obj.name, map=uv_map))
    if group and mask is None:
        text = tr('The modifiers of "{name}" remove the vertex group "{group}". Apply them, or turn the mask off.')
        raise JobError(text.format(name=obj.name, group=group))
    return seen, uv, mask


def _base_colors(obj: Any) -> dict[int, BaseColor]:
    """The base color of each material slot; of slot 0 without slots."""
    materials = [slot.material for slot in obj.material_slots] or [None]
    return {number: base_color_of(material) for number, material in enumerate(materials)}


def _uv_map(obj: Any, colors: Mapping[int, BaseColor]) -> str:
    """The UV map of the first image on the object, or else the active one."""
    for color in colors.values():
        if color.image is not None and (name := _map_name(obj, color)) in obj.data.uv_layers:
            return name
    return str(obj.data.uv_layers.active.name)


def _map_name(obj: Any, color: BaseColor) -> str:
    if color.uv_map:
        return color.uv_map
    return next((layer.name for layer in obj.data.uv_layers if layer.active_render), "")


def _usable_colors(
    obj: Any,
    colors: Mapping[int, BaseColor],
    used: Any,
    uv_map: str,
    options: TextureOptions,
    *,
    brings_uv: bool,
) -> tuple[dict[int, BaseColor], list[str]]:
    """The usable base colors of the used slots, and notes on the others.

    Raises:
        JobError: the mask would change what is outside of it.
    """
    found, notes = {}, []
    for number in (int(slot) for slot in used):
        color = colors.get(number, BaseColor())
        slots = obj.material_slots
        name = slots[number].name if number < len(slots) else ""
        if options.keeps_present and not color.is_known:
            text = tr('Strength and Mask use one color for the material "{name}": its base color is not an image.')
            notes.append(text.format(name=name))
        if options.keeps_present and color.image is not None and (brings_uv or _map_name(obj, color) != uv_map):
            if options.mask != "NONE":
                text = tr(
                    'The image of the material "{name}" uses another UV map. Choose Active as UV Map, or no mask.'
                )
                raise JobError(text.format(name=name))
            text = tr('Strength uses one color for the material "{name}": its image uses another UV map.')
            notes.append(text.format(name=name))
            color = BaseColor(color=color.color)
        if options.mask != "NONE" and color.image is not None and not pictures.is_exact(color.image):
            text = tr(
                'The mask would change all of "{name}", which is not an sRGB image with 8 bits. Convert it first.'
            )
            raise JobError(text.format(name=color.image.name))
        found[number] = color
    return found, notes


def _kinds(colors: Mapping[int, BaseColor], options: TextureOptions) -> dict[int, Hashable]:
    """What must be the same for two slots to share a texture."""
    kept = options.keeps_present
    return {
        number: color.image.name_full if color.image is not None else color.color if kept else None
        for number, color in colors.items()
    }


def _present_files(divided: sheets.Sheets, shown: list[BaseColor], options: TextureOptions) -> dict[str, bytes]:
    """The present texture of each sheet with an image."""
    files = {}
    if options.keeps_present:
        for number, ((_, tile), color) in enumerate(zip(divided.sheets, shown, strict=True)):
            if color.image is None:
                continue
            pixels = pictures.pixels_of(color.image, tile)
            if pixels is not None:
                files[present_name(number)] = png.encode(pixels)
    return files


def _is_tiled(color: BaseColor) -> bool:
    return color.image is not None and color.image.source == "TILED"


def _encode(uv: Floats) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, uv)
    return buffer.getvalue()
