"""Previews: what the backend encodes, the add-on decodes."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest
from PIL import Image

from backend.worker.pictures import encode_png
from dreamfusion_blender.core import png
from tests.addon import small

PICTURE = np.random.default_rng(0).integers(0, 256, (5, 7, 3), np.uint8)


def test_a_preview_survives() -> None:
    data = encode_png(PICTURE)
    assert (np.asarray(Image.open(io.BytesIO(data))) == PICTURE).all()
    pixels = png.decode(data)
    assert pixels is not None
    assert pixels.dtype == np.uint8
    assert (pixels[::-1, :, :3] == PICTURE).all()
    assert (pixels[..., 3] == 255).all()


def test_transparency_is_read() -> None:
    pixels = png.decode(small._png(3, 16))
    assert pixels is not None
    assert pixels.shape == (16, 16, 4)
    assert pixels[0, 0].tolist() == [3 * 37 % 256, 3 * 91 % 256, 3 * 53 % 256, 255]


def saved(mode: str) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(PICTURE).convert(mode).save(stream, "png")
    return stream.getvalue()


def with_size(width: int, height: int) -> bytes:
    data = encode_png(PICTURE)
    return data[:16] + struct.pack(">II", width, height) + data[24:]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        encode_png(PICTURE)[:40],
        encode_png(PICTURE)[:-30],
        encode_png(PICTURE)[:33] + bytes(200),
        saved("L"),
        saved("P"),
        with_size(30_000, 30_000),
        with_size(0, 5),
        with_size(7, 500),
    ],
)
def test_other_files_are_not_decoded(data: bytes) -> None:
    assert png.decode(data) is None
