"""An image of Blender as the file that a job gets."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..backend.errors import JobError
from ..backend.inputs.image_limits import STORED_PX, check_alpha, check_size
from ..core import png
from ..core.translate import tr
from ..materials import read_pixels
from ..texturing.base_color import encode_srgb

Pixels = NDArray[np.uint8]


def encode(image: Any) -> bytes:
    """A PNG file of an image: 8-bit RGBA, at most `STORED_PX` a side. Of a UDIM, its first tile.

    Raises:
        JobError: The image cannot be read or used (code "image").
    """
    if image.type == "RENDER_RESULT":
        text = tr('The pixels of "{name}" are not accessible. Save it as an image, and open that.')
        raise JobError(text.format(name=image.name), "image")
    if image.source in ("MOVIE", "SEQUENCE"):
        text = tr('"{name}" is a movie, an animation, or a sequence. Save one frame as PNG, and open that.')
        raise JobError(text.format(name=image.name), "image")
    width, height = image.size  # reads the file
    if not (width and height and image.has_data and len(image.pixels) == width * height * 4):
        text = tr('The image "{name}" cannot be read. Find its file, then try again.')
        raise JobError(text.format(name=image.name), "image")
    check_size(width, height)
    pixels = _read(image)
    check_alpha(pixels[..., 3])
    return png.encode(pixels)


def _read(image: Any) -> Pixels:
    """[H, W, 4] uint8 sRGB with straight alpha, top row first."""
    values = read_pixels(image)[::-1]
    alpha = np.clip(np.nan_to_num(values[..., 3:]), 0, 1)
    is_linear = image.is_float  # Blender keeps those in linear light, multiplied by alpha
    colors = np.nan_to_num(values[..., :3]) * (1 if is_linear else alpha)
    layers = _reduced(np.concatenate((colors, alpha), -1))
    straight = layers[..., :3] / np.maximum(layers[..., 3:], 1e-6)
    shown = encode_srgb(straight) if is_linear else (np.clip(straight, 0, 1) * 255 + 0.5).astype(np.uint8)
    return np.dstack((shown, (layers[..., 3] * 255 + 0.5).astype(np.uint8)))


def _reduced(layers: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean over square blocks, so that no side is longer than `STORED_PX`."""
    height, width = layers.shape[:2]
    block = -(-max(height, width) // STORED_PX)
    if block == 1:
        return layers
    rows, columns = -(-height // block), -(-width // block)
    padded = np.pad(layers, ((0, rows * block - height), (0, columns * block - width), (0, 0)), "edge")
    reduced: NDArray[np.float32] = padded.reshape(rows, block, columns, block, 4).mean((1, 3))
    return reduced
