"""The present textures of a given mesh, from the pictures in a job's `input` folder."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ..errors import JobError
from ..inputs.mesh_file import MAX_PICTURE_PX, InputMesh, present_name
from ..jobs.reading import open_regular, own_path
from .running import RunningJob


def pictures_of(job: RunningJob, source: InputMesh) -> dict[int, NDArray[np.uint8]]:
    """The present textures, [H, W, 3] uint8 sRGB, top row first, of the sheets that have one.

    Raises:
        JobError: one of them is damaged or too large (code "mesh").
    """
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
