"""Which weights were used, in eight letters: results of different weights are never mixed."""

from __future__ import annotations

import zlib
from pathlib import Path

from ...guidance.builtin.prior import BUILTIN
from ...guidance.clip import JUDGE


def weights(folder: Path) -> str:
    """Of all safetensors below the folder; empty where there are none, such as for a name of the model hub."""
    checksum = 0
    found = sorted(folder.rglob("*.safetensors")) if folder.is_dir() else []
    for path in found:
        checksum = zlib.crc32(path.read_bytes(), checksum)
    return f"{checksum:08x}" if found else ""


def prior(name_or_path: str) -> str:
    return weights({"builtin": BUILTIN, "judge": JUDGE}.get(name_or_path) or Path(name_or_path))


def judge(name_or_folder: str) -> str:
    return weights(JUDGE if name_or_folder == "judge" else Path(name_or_folder))
