"""The scene of a job that works on something given, from the files in its `input` folder."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..errors import JobError

if TYPE_CHECKING:
    from ..config.settings import Settings
    from ..optimize.reference import Reference
    from ..optimize.scene import Scene
    from .running import RunningJob


def scenes_of(job: RunningJob, settings: Settings, depth_px: int = 0) -> Callable[[], Scene | None]:
    """Reads what the job works on, and returns a function that makes the scene to optimize at its first step.

    The scene is None for the empty field of the settings.

    Args:
        depth_px: see `base.Prior`; only a mesh to paint has depth images.

    Raises:
        JobError: a file in `input` is missing, damaged or too large (code "mesh").
    """
    if job.request.mode == "start":
        return _started(job, settings)
    if job.request.mode == "change":
        from .changing import changed_scenes

        return changed_scenes(job, settings)
    if job.request.mode != "texture":
        return lambda: None
    from ..inputs.mesh_file import read_mesh
    from ..paint.scene import PaintedScene
    from ..paint.surface import Surface
    from .present import pictures_of

    source = read_mesh(job.folder)
    if not source.has_uv:
        raise JobError("The mesh has no UV map. Unwrap it first.", code="mesh")
    surface = Surface.of(source, pictures_of(job, source))
    return lambda: PaintedScene(surface, settings.paint, job.device, depth_px)


def reference_of(job: RunningJob, settings: Settings) -> Reference | None:
    """The reference image of the job, None without one.

    Raises:
        JobError: the image is missing, damaged, or cannot be used (code "image").
    """
    if not job.request.image:
        return None
    from ..inputs.image_file import read_image
    from ..optimize.reference import Reference

    reference = Reference.of(read_image(job.folder), settings.image)
    if reference.is_lit and settings.image.shading == "auto":
        job.emit(
            "warning",
            message="The image shows light and shadow. The colors leave them out; image.shading=plain would keep them.",
        )
    return reference


def _started(job: RunningJob, settings: Settings) -> Callable[[], Scene]:
    """Makes a voxel grid whose density begins as the mesh."""
    import torch

    from ..fields.start import start_of
    from ..inputs.mesh_file import check_thickness, read_mesh
    from ..inputs.placement import Placement
    from ..inputs.solid import signed_distance
    from ..optimize.grid_scene import GridScene

    source = read_mesh(job.folder)
    check_thickness(source)
    corners = Placement.of_mesh(source).to_frame(source.vertices)[source.faces]
    field = settings.field
    distance = torch.from_numpy(signed_distance(corners, field.levels[-1], field.bound))
    start = start_of(distance, settings.start.freedom)
    return lambda: GridScene(field, job.device, start)
