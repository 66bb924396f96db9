"""Reads the mesh of a job without Blender's importer: checks it, and finds the corners of its faces."""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..backend.jobs.reading import LIMIT_BYTES, open_regular, parse, read_regular


def is_self_contained(mesh: Path) -> bool:
    """Whether a glTF file can be read and is all that the importer needs.

    It names no other files, which the importer would load from anywhere. It claims no more values than it has bytes: the importer
    would fill the memory, or take minutes.
    """
    try:
        with open_regular(mesh) as file:
            size = os.fstat(file.fileno()).st_size
            data = file.read(20)
            if data.startswith(b"glTF"):
                data = file.read(min(struct.unpack("<I", data[12:16])[0], LIMIT_BYTES))
            else:
                data += file.read(LIMIT_BYTES)
        document = parse(data)
        if any("uri" in item for name in ("buffers", "images") for item in document.get(name, ())):
            return False
        return all(0 <= item["count"] <= size for item in document.get("accessors", ()))
    except (OSError, ValueError, KeyError, AttributeError, TypeError, struct.error):
        return False


MAX_BYTES = 1 << 29
_INDEX_TYPES = {5121: "<u1", 5123: "<u2", 5125: "<u4"}
_FLOAT = 5126


def read_corners(mesh: Path) -> NDArray[np.float64] | None:
    """The corners of all triangles in order, [3 F, 3], z up, of a GLB file with one mesh, as the backend writes it.

    None if the file is missing, damaged or different.
    """
    values = _read(mesh, "POSITION", 3)
    return None if values is None else np.stack((values[:, 0], -values[:, 2], values[:, 1]), 1)


def read_uv(mesh: Path) -> NDArray[np.float64] | None:
    """The texture coordinates of the corners of `read_corners`, [3 F, 2], v up as in Blender. None as there."""
    values = _read(mesh, "TEXCOORD_0", 2)
    return None if values is None else np.stack((values[:, 0], 1 - values[:, 1]), 1)


def _read(mesh: Path, attribute: str, width: int) -> NDArray[np.float64] | None:
    """[3 F, width]: an attribute at the corners of all triangles in order."""
    try:
        data = read_regular(mesh, MAX_BYTES)
        length = struct.unpack_from("<I", data, 12)[0]
        document, start = parse(data[20 : 20 + length]), 20 + length + 8
        (primitive,) = document["meshes"][0]["primitives"]
        values = _accessor(document, data, start, primitive["attributes"][attribute], width)
        index = _accessor(document, data, start, primitive["indices"], 1)
        found: NDArray[np.float64] = values[index[:, 0].astype(np.int64)].astype(np.float64)
    except (OSError, ValueError, KeyError, IndexError, AttributeError, TypeError, struct.error):
        return None
    return found


def _accessor(document: Any, data: bytes, start: int, number: int, width: int) -> NDArray[Any]:
    """[N, width]: the values of an accessor in the binary chunk that begins at `start`."""
    accessor = document["accessors"][number]
    view = document["bufferViews"][accessor["bufferView"]]
    kind = "<f4" if accessor["componentType"] == _FLOAT else _INDEX_TYPES[accessor["componentType"]]
    if view.get("byteStride", 0) not in (0, width * np.dtype(kind).itemsize):
        raise ValueError("the values are interleaved")
    offset = start + view.get("byteOffset", 0) + accessor.get("byteOffset", 0)
    return np.frombuffer(data, kind, accessor["count"] * width, offset).reshape(-1, width)
