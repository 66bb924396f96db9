"""Parameter counts of models, from the headers of safetensors files without reading the weights."""

from __future__ import annotations

import math
from pathlib import Path

from ...catalog.headers import read_shapes
from .components import weight_files


def count_parameters(part: Path) -> int:
    """Counts the parameters of one part of a model.

    Raises:
        UserError: a file is missing or damaged.
    """
    return sum(math.prod(shape) for path in weight_files(part) for shape in read_shapes(path).values())
