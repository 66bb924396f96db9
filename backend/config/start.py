"""Settings of jobs that start from a given mesh."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from .doc import Doc, check_ranges


@dataclass(frozen=True)
class StartSettings:
    """How far the object may depart from the mesh that it starts from. Only jobs with the mode "start" use them.

    Raises:
        UserError: a value is out of its range (code "settings").
    """

    freedom: Annotated[
        float,
        Doc(
            "How far the shape may depart from the mesh; 0: the silhouette stays, 1: the mesh is only a hint",
            "",
            0.0,
            1.0,
        ),
    ] = 0.5

    def __post_init__(self) -> None:
        check_ranges(self, "start")
