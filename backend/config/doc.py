"""Descriptions of settings as data: `steps: Annotated[int, Doc("Optimization steps")] = 450`."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, is_dataclass
from itertools import pairwise
from typing import Any, get_type_hints

from ..errors import UserError
from .schedules import schedule_names


@dataclass(frozen=True)
class Doc:
    """Describes one field of a settings class.

    Args:
        text: one sentence without a final period.
        unit: what a number is measured in; empty for ratios, weights and text.
        low, high: the inclusive range of a number, of every number in a list, or of a schedule at every step. For text, the
            number of characters.
        rises: whether the numbers of a list must not decrease.
        count: the range of the number of entries in a list.

    `check_ranges` checks these.
    """

    text: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    rises: bool = False
    count: tuple[int, int] | None = None


def field_docs(settings_class: type) -> dict[str, Doc]:
    """The description of each field, in the order of the fields. Fields without one are left out."""
    hints = get_type_hints(settings_class, include_extras=True)
    found = {entry.name: getattr(hints[entry.name], "__metadata__", (None,))[0] for entry in fields(settings_class)}
    return {name: doc for name, doc in found.items() if isinstance(doc, Doc)}


def describe(settings: Any, prefix: str = "") -> dict[str, Doc]:
    """The description of each setting by its path, `{"mesh.resolution": Doc(...), ...}`, as in `overrides.flatten`.

    Args:
        settings: an instance of a settings class, nested classes included.

    Raises:
        KeyError: a field has no description.
    """
    found: dict[str, Doc] = {}
    for entry in fields(settings):
        value, path = getattr(settings, entry.name), f"{prefix}{entry.name}"
        found |= describe(value, f"{path}.") if is_dataclass(value) else {path: field_docs(type(settings))[entry.name]}
    return found


def check_ranges(settings: Any, group: str) -> None:
    """Checks each field against its description.

    Args:
        group: the path of the settings, such as "mesh".

    Raises:
        UserError: a value is out of its range (code "settings").
    """
    schedules = schedule_names(settings)
    for name, doc in field_docs(type(settings)).items():
        value = getattr(settings, name)
        problem = _problem(value, doc, is_schedule=name in schedules)
        if problem:
            raise UserError(f"The setting '{group}.{name}' is {shown(value)} and must {problem}.", "settings")


def _problem(value: Any, doc: Doc, *, is_schedule: bool) -> str:
    """What the value must be instead, or an empty string."""
    unit = f" {doc.unit}" if doc.unit else ""
    if isinstance(value, str):
        if doc.high is not None and len(value) > doc.high:
            return f"have at most {doc.high:g} characters"
        return ""
    numbers = [value]
    if isinstance(value, tuple):
        numbers = [point[1] for point in value] if is_schedule else list(value)
        steps = [point[0] for point in value] if is_schedule else []
        if is_schedule and not value:
            return "have at least one point"
        if any(before >= after for before, after in pairwise(steps)):
            return "have points with increasing steps"
        if doc.count is not None and not doc.count[0] <= len(value) <= doc.count[1]:
            return f"have {doc.count[0]} to {doc.count[1]} entries"
    numbers = [number for number in numbers if isinstance(number, (int, float)) and not isinstance(number, bool)]
    if doc.low is not None and doc.high is not None and any(not doc.low <= n <= doc.high for n in numbers):
        return f"be between {doc.low:.10g} and {doc.high:.10g}{unit}"
    if doc.rises and any(before > after for before, after in pairwise(numbers)):
        return "be in ascending order"
    return ""


def shown(value: Any) -> str:
    """The value for a message, shortened."""
    try:
        text = json.dumps(value, default=str)
    except (ValueError, RecursionError):  # an integer of thousands of digits, or deep nesting
        text = "a value that is too long"
    return shortened(text)


def shortened(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
