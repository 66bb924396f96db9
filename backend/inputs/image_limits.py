"""What a reference image must be like. Needs no package but NumPy, so that the add-on checks the same."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import JobError
from ..jobs.request import IMAGE

NAME = IMAGE  # relative to the job's folder
MIN_PX, MAX_PX = 16, 8192  # side
STORED_PX = 1024  # side of the image in the job's folder; larger ones are scaled down
MIN_ALPHA = 8  # of 255


def check_size(width: int, height: int) -> None:
    """Raises JobError (code "image") if the image is too small or too large."""
    size = f"{width} x {height} pixels"
    if min(width, height) < MIN_PX:
        raise JobError(f"The image has {size}. Use one with at least {MIN_PX} pixels a side.", "image")
    if max(width, height) > MAX_PX:
        raise JobError(f"The image has {size}, the limit is {MAX_PX} a side. Scale it down.", "image")


def check_alpha(alpha: NDArray[Any]) -> None:
    """Raises JobError (code "image") if alpha [H, W] uint8 shows nothing."""
    if not np.any(alpha >= MIN_ALPHA):
        raise JobError("The image is fully transparent. Use one that shows an object.", "image")
