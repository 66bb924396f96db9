"""The reference image of a job, `input/image.png`: 8-bit RGBA in sRGB. Written by clients, read by the worker.

It may come from elsewhere: its size and its pixels are checked before anything uses them.
"""

from __future__ import annotations

import io
import os
import warnings
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from ..errors import JobError, UserError
from ..jobs.reading import open_regular, own_path
from .image_limits import NAME, STORED_PX, check_alpha, check_size

MAX_BYTES = 1 << 29  # of an image file
Pixels = NDArray[np.uint8]
_PROBLEMS = (
    OSError,
    ValueError,
    SyntaxError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
    MemoryError,
)


def import_image(path: Path) -> dict[str, bytes]:
    """The file of a job's `input` folder for an image file: name -> content. Of an animation, its first frame.

    Large images are scaled down to `STORED_PX`.

    Raises:
        UserError: the file cannot be read, or the image cannot be used (code "image").
    """
    if path.is_dir():
        raise UserError(f"'{path}' is a folder. Choose an image file, such as a PNG or JPEG file.", "image")
    try:
        with open_regular(path, may_be_link=True) as file:
            if os.fstat(file.fileno()).st_size > MAX_BYTES:
                raise UserError(f"{path} is larger than {MAX_BYTES >> 20} MB. Use a smaller image.", "image")
            pixels = _decode(file)
    except UserError:
        raise
    except FileNotFoundError as error:
        raise UserError(f"There is no image {path}. Check the path.", "image") from error
    except _PROBLEMS as error:
        number = getattr(error, "errno", None)  # of the system, not of Pillow
        reason = getattr(error, "strerror", "") if number else "it is damaged, or not an image"
        raise UserError(f"Cannot read {path}: {reason}. Use a PNG or JPEG file.", "image") from error
    from .cutout import cut_out

    cut_out(pixels)  # raises UserError if there is no object
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "png")
    return {NAME: buffer.getvalue()}


def read_image(folder: Path) -> Pixels:
    """The image of a job, [H, W, 4] uint8 sRGB with straight alpha, top row first.

    Raises:
        JobError: the file is missing, damaged, or cannot be used (code "image").
    """
    try:
        with open_regular(own_path(folder, NAME)) as file:
            return _decode(file)
    except UserError as error:
        raise JobError(str(error), "image") from error
    except _PROBLEMS as error:
        raise JobError(f"The image {folder / NAME} is missing or damaged. Start a new job.", "image") from error


def _decode(file: IO[bytes]) -> Pixels:
    """Reads the first frame and scales it down to `STORED_PX`.

    Raises:
        UserError: the image is too small, too large, or fully transparent.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        warnings.simplefilter("ignore", UserWarning)
        with Image.open(file) as image:
            check_size(*image.size)
            upright = ImageOps.exif_transpose(image)
            if upright.mode.startswith(("I", "F")):  # 16 bits per channel, which `convert` would clip
                values = np.asarray(upright, np.float32)
                scale = 255 / 65535 if values.max() > 255 else 1.0
                upright = Image.fromarray((values * scale).clip(0, 255).astype(np.uint8))
            upright = upright.convert("RGBA")
    upright.thumbnail((STORED_PX, STORED_PX), Image.Resampling.BOX)
    pixels = np.asarray(upright)
    check_alpha(pixels[..., 3])
    return pixels
