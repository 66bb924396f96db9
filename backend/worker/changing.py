"""The scene of a job that changes an object: a voxel grid that begins as the earlier field, or as the object's mesh."""

from __future__ import annotations

from collections.abc import Callable

import torch
from safetensors import SafetensorError
from safetensors.torch import load

from ..config.lookup import find_preset
from ..config.overrides import apply_overrides
from ..config.settings import Settings
from ..errors import JobError, UserError
from ..fields.changed_grid import ChangedGrid, volume_of
from ..inputs.earlier import CHECKPOINT, FACTS, MAX_CHECKPOINT_BYTES
from ..inputs.field_file import FieldVolume, read_field
from ..inputs.mesh_field import Voxels, field_of_mesh, region_of_mesh
from ..inputs.mesh_file import NAME, read_mesh
from ..inputs.placement import Placement
from ..jobs.reading import own_path, read_object, read_regular
from ..optimize.grid_scene import GridScene
from .present import pictures_of
from .running import RunningJob


def changed_scenes(job: RunningJob, settings: Settings) -> Callable[[], GridScene]:
    """Reads the object, and returns a function that makes the scene at the first step.

    Raises:
        JobError: a file in `input` is missing, damaged or too large (code "mesh").
        UserError: the preset has another kind of field (code "preset").
    """
    field = settings.field
    if field.kind != "grid":
        raise UserError(f"The preset '{job.request.preset}' cannot change an object. Choose another preset.", "preset")
    volume, weight = read_field(job.folder) or _field_of_checkpoint(job), None
    source = read_mesh(job.folder) if volume is None or (job.folder / NAME).exists() else None
    if source is not None:
        # Without a field, the mesh is in any place and size.
        placement = Placement.of_mesh(source) if volume is None else Placement((0.0, 0.0, 0.0), 1.0)
        vertices = placement.to_frame(source.vertices)
        voxels = Voxels(field.levels[-1], field.bound if volume is None else volume.bound)
        if volume is None:
            volume = field_of_mesh(source, vertices, pictures_of(job, source), voxels)
        if source.has_mask:
            weight = torch.from_numpy(region_of_mesh(source, vertices, voxels))
    assert volume is not None
    known = volume

    def make() -> GridScene:
        grid = ChangedGrid(field.levels, known, field.fill_unseen, settings.change.freedom, weight)
        return GridScene(field, job.device, field=grid)

    return make


def _field_of_checkpoint(job: RunningJob) -> FieldVolume | None:
    """The field of a job of version 0.1.0. None if `input` has none."""
    path = job.folder / CHECKPOINT
    if not path.exists():
        return None
    try:
        facts = apply_overrides(find_preset("fast"), read_object(own_path(job.folder, FACTS))).field
        tensors = load(read_regular(own_path(job.folder, CHECKPOINT), MAX_CHECKPOINT_BYTES))
        scene = GridScene(facts, torch.device("cpu"))
        weights = {key.removeprefix("scene."): tensor for key, tensor in tensors.items() if key.startswith("scene.")}
        scene.modules.load_state_dict(weights)
    except (OSError, UserError, SafetensorError, RuntimeError, ValueError, KeyError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0][:100]
        raise JobError(f"Cannot read {path}: it is damaged ({reason}). Start the job again.", code="mesh") from error
    return volume_of(scene.field)
