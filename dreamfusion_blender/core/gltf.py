"""Checks the mesh of a job before Blender's importer opens it."""

from __future__ import annotations

import struct
from pathlib import Path

from ..backend.jobs.reading import LIMIT_BYTES, open_regular, parse


def is_self_contained(mesh: Path) -> bool:
    """Whether a glTF file can be read and names no other files, which the importer would load from anywhere."""
    try:
        with open_regular(mesh) as file:
            data = file.read(20)
            if data.startswith(b"glTF"):
                data = file.read(min(struct.unpack("<I", data[12:16])[0], LIMIT_BYTES))
            else:
                data += file.read(LIMIT_BYTES)
        document = parse(data)
        return not any("uri" in item for name in ("buffers", "images") for item in document.get(name, ()))
    except (OSError, ValueError, AttributeError, TypeError, struct.error):
        return False
