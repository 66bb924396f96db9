"""Descriptions of settings as data: `steps: Annotated[int, Doc("Optimization steps")] = 450`."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from typing import Any, get_type_hints

from ..errors import UserError
from .schedules import max_value, min_value


@dataclass(frozen=True)
class Doc:
    """Describes one field of a settings class.

    Args:
        text: one sentence without a final period.
        unit: what a number is measured in; empty for ratios, weights and text.
        low, high: the inclusive range of a number, or of a schedule at every step. Checked by `check_ranges`.
    """

    text: str
    unit: str = ""
    low: float | None = None
    high: float | None = None


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
    """Checks each field against the range in its description.

    Args:
        group: the adjective for the message, such as "mesh".

    Raises:
        UserError: a value is out of its range (code "settings").
    """
    for name, doc in field_docs(type(settings)).items():
        if doc.low is None or doc.high is None:
            continue
        value = getattr(settings, name)
        if not (doc.low <= min_value(value) and max_value(value) <= doc.high):
            raise UserError(
                f"The {group} setting '{name}' is {value} and must be between {doc.low:g} and {doc.high:g}.", "settings"
            )
