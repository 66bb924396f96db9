"""Settings of jobs that change a generated object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from .doc import Doc, check_ranges


@dataclass(frozen=True)
class ChangeSettings:
    """How far an object may depart from its earlier version. Only jobs with the mode "change" use them.

    Raises:
        UserError: a value is out of its range (code "settings").
    """

    amount: Annotated[
        float,
        Doc(
            "How much changes; up to 0.5: only the colors, above: the shape too, 1: the old object is a hint",
            "",
            0.1,
            1.0,
        ),
    ] = 0.5

    def __post_init__(self) -> None:
        check_ranges(self, "change")

    @property
    def freedom(self) -> float:
        """How far the shape may depart from the old one: 0 up to an amount of 0.5, 1 at an amount of 1."""
        return max(0.0, 2 * self.amount - 1)
