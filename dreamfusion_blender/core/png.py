"""Encodes and decodes simple PNG files, such as the previews of the backend: 8 bits, RGB or RGBA, not interlaced, rows without filters.

Blender takes several milliseconds for the smallest image, since it updates every node tree of the file when one is loaded.
"""

from __future__ import annotations

import struct
import zlib

import numpy as np

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_SIDE = 1024  # pixels
MAX_BYTES = 8 << 20  # of the file; larger ones are not read
MAX_CHUNKS = 1000


def decode(data: bytes) -> np.ndarray | None:
    """The pixels, [H, W, 4] uint8, bottom row first. None if the file is damaged or not this simple."""
    try:
        width, height, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", data[16:29])
        channels = {2: 3, 6: 4}[kind]
        is_simple = data.startswith(SIGNATURE) and depth == 8 and not interlaced
        if not is_simple or not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
            return None
        size = height * (1 + width * channels)
        raw = zlib.decompressobj().decompress(_content(data), size)
        rows = np.frombuffer(raw, np.uint8).reshape(height, 1 + width * channels)
    except (KeyError, ValueError, struct.error, zlib.error):
        return None
    if rows[:, 0].any():  # filters; undoing them row by row would take longer than Blender
        return None
    pixels = np.full((height, width, 4), 255, np.uint8)
    pixels[..., :channels] = rows[::-1, 1:].reshape(height, width, channels)
    return pixels


def encode(pixels: np.ndarray) -> bytes:
    """A PNG file of `pixels` [H, W, 3] uint8 sRGB, or [H, W, 4] with straight alpha, top row first."""
    height, width, channels = pixels.shape
    rows = np.zeros((height, 1 + channels * width), np.uint8)  # each row starts with its filter: none
    rows[:, 1:] = pixels.reshape(height, -1)
    head = struct.pack(">IIBBBBB", width, height, 8, {3: 2, 4: 6}[channels], 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows.tobytes(), 1)), (b"IEND", b""))
    return SIGNATURE + b"".join(_chunk(kind, data) for kind, data in chunks)


def is_small(data: bytes) -> bool:
    """Whether the header states a size that is safe to load, also with another decoder."""
    return len(data) > 24 and all(0 < int.from_bytes(data[n : n + 4], "big") <= MAX_SIDE for n in (16, 20))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _content(data: bytes) -> bytes:
    """The compressed pixels, from all chunks of the file."""
    parts, start = [], len(SIGNATURE)
    for _ in range(MAX_CHUNKS):
        if start + 8 > len(data):
            break
        (length,) = struct.unpack(">I", data[start : start + 4])
        if data[start + 4 : start + 8] == b"IDAT":
            parts.append(data[start + 8 : start + 8 + length])
        start += 12 + length
    return b"".join(parts)
