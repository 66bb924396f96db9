"""The scene of a job that works on something given, from the files in its `input` folder."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ..errors import JobError
from ..jobs.reading import open_regular, own_path

if TYPE_CHECKING:
    from ..config.settings import Settings
    from ..inputs.mesh_file import InputMesh
    from ..optimize.reference import Reference
    from ..optimize.scene import Scene
    from .running import RunningJob


def scenes_of(job: RunningJob, settings: Settings) -> Callable[[], Scene | None]:
    """Reads what the job works on, and returns a function that makes the scene to optimize at its first step.

    The scene is None for the empty field of the settings.

    Raises:
        JobError: a file in `input` is missing, damaged or too large (code "mesh").
    """
    if job.request.mode == "start":
        return _started(job, settings)
    if job.request.mode != "texture":
        return lambda: None
    from ..inputs.mesh_file import read_mesh
    from ..paint.scene import PaintedScene
    from ..paint.surface import Surface

    source = read_mesh(job.folder)
    if not source.has_uv:
        raise JobError("The mesh has no UV map. Unwrap it first.", code="mesh")
    surface = Surface.of(source, _pictures(job, source))
    return lambda: PaintedScene(surface, settings.paint, job.device)


def reference_of(job: RunningJob, settings: Settings) -> Reference | None:
    """The reference image of the job, None without one.

    Raises:
        JobError: the image is missing, damaged, or cannot be used (code "image").
    """
    if not job.request.image:
        return None
    from ..inputs.image_file import read_image
    from ..optimize.reference import Reference

    return Reference.of(read_image(job.folder), settings.image)


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


def _pictures(job: RunningJob, source: InputMesh) -> dict[int, NDArray[np.uint8]]:
    """The present textures, [H, W, 3] uint8 sRGB, top row first, of the sheets that have one."""
    from ..inputs.mesh_file import MAX_PICTURE_PX, present_name

    found = {}
    for sheet in range(len(source.colors)):
        path = job.folder / present_name(sheet)
        if not path.exists():
            continue
        try:
            with (
                warnings.catch_warnings(),
                open_regular(own_path(job.folder, present_name(sheet))) as file,
                Image.open(file) as picture,
            ):
                warnings.simplefilter("error")
                if max(picture.size) > MAX_PICTURE_PX:
                    raise ValueError(f"it is larger than {MAX_PICTURE_PX} pixels")
                found[sheet] = np.asarray(picture.convert("RGB"))
        except (
            OSError,
            ValueError,
            Image.DecompressionBombError,
            Image.DecompressionBombWarning,
            SyntaxError,
        ) as error:
            raise JobError(f"Cannot read {path}: {error}. Start the job again.", code="mesh") from error
    return found
