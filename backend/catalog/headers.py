"""Names and shapes of the tensors in a safetensors file, from its header without reading the weights. Standard library only."""

from __future__ import annotations

import struct
from pathlib import Path

from ..errors import UserError
from ..jobs.reading import parse
from ..jobs.shortages import is_of_the_system

MAX_VALUES = 1 << 20  # in a header
LONGEST_HEADER = 100_000_000  # bytes; the format's own limit


def read_shapes(path: Path) -> dict[str, list[int]]:
    """Reads the names and shapes of all tensors. The file starts with the length of the JSON header in eight bytes.

    Raises:
        UserError: the file is missing or damaged.
    """
    try:
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            if length > LONGEST_HEADER:
                raise ValueError("no header")
            header = parse(file.read(length), MAX_VALUES)
        ends = [tensor["data_offsets"][1] for name, tensor in header.items() if name != "__metadata__"]
        if path.stat().st_size != 8 + length + max(ends, default=0):
            raise ValueError("cut short")
        return {name: tensor["shape"] for name, tensor in header.items() if name != "__metadata__"}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, struct.error) as error:
        if is_of_the_system(error):
            raise
        raise UserError(f"{path} is damaged or incomplete. Download the model again.", code="weights") from error
