"""Checksums of model weights, so that results of different weights are not mixed."""

from __future__ import annotations

import zlib
from pathlib import Path

from ...guidance.builtin.prior import BUILTIN
from ...guidance.clip import JUDGE


def weights(folder: Path) -> str:
    """Returns the CRC32 of all safetensors in a folder as 8 hex digits, or "" if it has none."""
    checksum = 0
    found = sorted(folder.rglob("*.safetensors")) if folder.is_dir() else []
    for path in found:
        checksum = zlib.crc32(path.read_bytes(), checksum)
    return f"{checksum:08x}" if found else ""


def prior(name_or_path: str) -> str:
    """Checksum of a diffusion model, or of an image-text model that serves as one."""
    return weights({"builtin": BUILTIN, "judge": JUDGE}.get(name_or_path) or Path(name_or_path))


def judge(name_or_folder: str) -> str:
    """Checksum of an image-text model."""
    return weights(JUDGE if name_or_folder == "judge" else Path(name_or_folder))
