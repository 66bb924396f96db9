"""Settings of jobs that paint a given mesh."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from .doc import Doc, check_ranges


@dataclass(frozen=True)
class PaintSettings:
    """How a given mesh is painted. Only jobs with the mode "texture" use them.

    Raises:
        UserError: a value is out of its range (code "settings").
    """

    strength: Annotated[
        float, Doc("How far the colors may depart from the present ones; 1: they are ignored", "", 0.05, 1.0)
    ] = 1.0
    levels: Annotated[
        tuple[int, ...],
        Doc(
            "Voxels along each side of the cube, per level of colors, ascending",
            "voxels",
            2,
            512,
            rises=True,
            count=(1, 8),
        ),
    ] = (8, 16, 32, 64, 128)

    def __post_init__(self) -> None:
        check_ranges(self, "paint")
