"""What is measured, most important first, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

Models = Literal["full", "tiny"]
SD, SDXL, SD3 = {"model": "sd2", "preset": "sd"}, {"model": "sdxl", "preset": "sdxl"}, {"model": "sd3", "preset": "sd3"}
FLUX = {"model": "flux", "preset": "flux"}


@dataclass(frozen=True)
class Row:
    """One measurement, in its own process.

    Attributes:
        name: in the results.
        kind: the module of this package whose function `measure` gets the options.
        expected_s: seconds with the start of the process. Estimated for an H200; a row does not start with less time left.
    """

    name: str
    kind: str
    options: Mapping[str, Any]
    expected_s: float


ROWS = (
    Row("Stable Diffusion 2.1", "family", SD, 40),
    Row("field and renderer", "field", {"preset": "quality", "sizes": [64, 128, 256, 512]}, 40),
    Row("fast", "fast", {}, 40),
    Row("Stable Diffusion 1.5", "family", {"model": "sd1", "preset": "sd"}, 35),
    Row("Stable Diffusion XL", "family", SDXL, 45),
    Row("Stable Diffusion 3", "family", SD3, 50),
    Row("DeepFloyd IF XL", "family", {"model": "deepfloyd-if-xl", "preset": "if"}, 50),
    Row("PixArt-alpha", "family", {"model": "pixart", "preset": "pixart"}, 45),
    Row("Sana 0.6B", "family", {"model": "sana", "preset": "sana"}, 45),
    Row("FLUX.1-dev", "family", FLUX, 75),
    Row("precision, Stable Diffusion 2.1", "precision", SD, 75),
    Row("precision, Stable Diffusion XL", "precision", SDXL, 100),
    Row("offload, Stable Diffusion 2.1", "family", SD | {"is_offloaded": True}, 45),
    Row("offload, FLUX.1-dev", "family", FLUX | {"is_offloaded": True, "rounds": 3}, 120),
    Row("training", "training", {"sizes": [32, 64], "batches": [16, 64, 256]}, 60),
    Row("torchrun, Stable Diffusion 2.1", "cards", SD, 90),
)

_GRID = {"field.levels": [8, 16], "optimizer.samples": 16, "guidance.picture_px": 32}
# What differs for small random models on a CPU, by the kind of a row.
_TINY: dict[str, dict[str, Any]] = {
    "family": {"overrides": _GRID, "rounds": 3},
    "field": {"overrides": _GRID, "sizes": [16, 32], "rounds": 3},
    "fast": {"overrides": _GRID, "rounds": 3},
    "precision": {"overrides": _GRID},
    "training": {"sizes": [32], "batches": [4], "rounds": 2},
    "cards": {"overrides": _GRID, "rounds": 3},
}


def rows(models: Models) -> tuple[Row, ...]:
    """The rows for models at full size, or the same ones for small random models."""
    if models == "full":
        return ROWS
    return tuple(replace(row, options={**row.options, **_TINY[row.kind]}, expected_s=20) for row in ROWS)
