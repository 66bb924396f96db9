"""A table of measured figures at the end of a run of tests: the fixture `figure` records and checks each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

PROPERTY = "figure"
Record = Callable[..., None]


def recorder(record_property: Callable[[str, object], None]) -> Record:
    """Returns `figure(name, value, unit, at_most=..., at_least=...)`, which records a figure, then checks its limits."""

    def record(
        name: str, value: float, unit: str = "", *, at_most: float | None = None, at_least: float | None = None
    ) -> None:
        bounds = [("at least", at_least), ("at most", at_most)]
        limits = ", ".join(f"{word} {bound:g}" for word, bound in bounds if bound is not None)
        text = f"{value:.4g}" if isinstance(value, float) else str(value)
        record_property(PROPERTY, [name, text, unit, limits])
        assert at_most is None or value <= at_most, f"{name}: {value} {unit}, limit {at_most}"
        assert at_least is None or value >= at_least, f"{name}: {value} {unit}, limit {at_least}"

    return record


def table(reports: Iterable[Any]) -> list[str]:
    """The lines of the table: figure, value with unit, limit."""
    rows = [
        (name, f"{value} {unit}".strip(), limit)
        for report in reports
        if isinstance(report, pytest.TestReport) and report.when == "call"
        for key, (name, value, unit, limit) in report.user_properties
        if key == PROPERTY
    ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    return ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]
