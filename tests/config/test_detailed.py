"""The preset "detailed"."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from backend.config.presets import DETAILED, FAST
from backend.config.schedules import max_value, value

SHAPE_STEPS = 200


def scheduled(settings: Any, step: int) -> dict[str, float]:
    """The values of all schedules at a step."""
    groups = (settings.guidance, settings.losses, settings.optimizer)
    found = {f.name: getattr(group, f.name) for group in groups for f in fields(group) if "Schedule" in str(f.type)}
    at = {name: value(schedule, step) for name, schedule in found.items()}
    largest = max_value(settings.optimizer.render_px)
    return at | {"samples per ray": settings.optimizer.samples * at["render_px"] / largest}


def test_shape_is_found_as_in_fast() -> None:
    """Both presets have the same steps until the shape is known, so the figures of "fast" for shapes hold."""
    for step in range(0, SHAPE_STEPS + 1, 10):
        assert scheduled(DETAILED, step) == pytest.approx(scheduled(FAST, step)), step
    assert len(scheduled(FAST, 0)) > 10
    field = replace(DETAILED.field, visibility_every=FAST.field.visibility_every)  # the same result, later
    assert (DETAILED.camera, DETAILED.shading, field) == (FAST.camera, FAST.shading, FAST.field)
    assert DETAILED.optimizer.steps > FAST.optimizer.steps
