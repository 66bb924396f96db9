"""Images of a mushroom for the tests of reference images."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Pixels = NDArray[np.uint8]
CAP, STEM = (40, 90, 200), (240, 220, 200)


def mushroom(px: int = 128, background: tuple[int, ...] = (0, 0, 0, 0)) -> Pixels:
    """[px, px, 4] uint8: a blue cap on a light stem, off-center."""
    image = Image.new("RGBA", (px, px), background)
    draw = ImageDraw.Draw(image)
    draw.rectangle([0.5 * px, 0.5 * px, 0.62 * px, 0.9 * px], fill=(*STEM, 255))
    draw.ellipse([0.3 * px, 0.2 * px, 0.82 * px, 0.6 * px], fill=(*CAP, 255))
    return np.array(image)


def as_file(pixels: Pixels, kind: str = "png", **options: Any) -> bytes:
    buffer = io.BytesIO()
    image = Image.fromarray(pixels)
    (image.convert("RGB") if kind == "jpeg" else image).save(buffer, kind, **options)
    return buffer.getvalue()
