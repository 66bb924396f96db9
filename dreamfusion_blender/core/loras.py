"""The LoRA files of the panel as the setting `guidance.loras`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..backend.catalog.lookup import BUILTIN

SETTING = "guidance.loras"


def as_overrides(lines: Iterable[tuple[str, float]], prior: str) -> dict[str, object]:
    """The override for the list. Empty for the built-in model, which takes no LoRA: the list waits for another model."""
    loras = [[path, round(weight, 4)] for path, weight in lines]
    return {SETTING: loras} if loras and prior != BUILTIN else {}


def of_overrides(overrides: Mapping[str, object]) -> list[tuple[str, float]]:
    """The list of a job's overrides."""
    found = overrides.get(SETTING)
    return [(str(path), float(weight)) for path, weight in found] if isinstance(found, list) else []
