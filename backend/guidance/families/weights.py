"""How large a model is, from the headers of its safetensors files: no weights are read."""

from __future__ import annotations

import json
import math
import struct
from pathlib import Path

from ...errors import UserError
from .components import weight_files

LONGEST_HEADER = 100_000_000  # bytes; the format's own limit


def count_parameters(part: Path) -> int:
    """Numbers in the weights of one part of a model.

    Raises:
        UserError: a file is missing or damaged.
    """
    return sum(math.prod(shape) for path in weight_files(part) for shape in _shapes(path))


def _shapes(path: Path) -> list[list[int]]:
    """The tensors' shapes: eight bytes say how long the JSON is that follows."""
    try:
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            if length > LONGEST_HEADER:
                raise ValueError("no header")
            header = json.loads(file.read(length))
        ends = [tensor["data_offsets"][1] for name, tensor in header.items() if name != "__metadata__"]
        if path.stat().st_size != 8 + length + max(ends, default=0):
            raise ValueError("cut short")
        return [tensor["shape"] for name, tensor in header.items() if name != "__metadata__"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, struct.error) as error:
        raise UserError(f"{path} is damaged or only half there: fetch the model again.", code="weights") from error
