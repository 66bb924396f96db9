"""What a job that changes an object takes from the job that made it. Only needs NumPy.

The new job stands alone: the earlier one may be deleted.
"""

from __future__ import annotations

import json
import os
import zlib
from pathlib import Path
from typing import Any

from ..errors import JobError
from ..jobs.folder import read_job
from ..jobs.reading import own_path, read_object, read_regular
from . import field_file

CHECKPOINT = "input/field.safetensors"  # of a job of version 0.1.0, which has no `asset/field.npz`
FACTS = "input/field.json"  # the settings of its field
MAX_CHECKPOINT_BYTES = 1 << 28


def earlier_files(folder: Path) -> dict[str, bytes]:
    """The files of the `input` folder with the field of a finished job. Empty if its field is gone or is not a voxel grid."""
    if data := field_file.copy_field(folder):
        return {field_file.NAME: data}
    try:
        if read_job(folder).mode != "generate":  # others do not begin as an empty grid
            return {}
        settings = read_object(folder / "settings.json")["settings"]
        facts = {name: entry for name, entry in settings.items() if name.startswith("field.")}
        data = _newest_checkpoint(folder)
    except (OSError, JobError, KeyError, TypeError, AttributeError):
        return {}
    if data is None or facts.get("field.kind") != "grid":
        return {}
    return {CHECKPOINT: data, FACTS: json.dumps(facts).encode()}


def _newest_checkpoint(folder: Path) -> bytes | None:
    """The tensors of the newest checkpoint, see `optimize.checkpoint`."""
    checkpoints = own_path(folder, "checkpoints")
    for name in sorted((name for name in os.listdir(checkpoints) if name.endswith(".json")), reverse=True):
        try:
            facts: dict[str, Any] = read_object(checkpoints / name)
            data = read_regular(own_path(checkpoints, name.replace(".json", ".safetensors")), MAX_CHECKPOINT_BYTES)
        except (OSError, JobError):
            continue
        if len(data) == facts.get("size") and zlib.crc32(data) == facts.get("crc32"):
            return data
    return None
