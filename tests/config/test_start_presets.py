"""What presets mean if the object starts from a mesh."""

from __future__ import annotations

import pytest

from backend.config.lookup import settings_for
from backend.config.presets import FAST, PRESETS
from backend.config.schedules import stretched, value
from backend.config.start_presets import FRAME_RADIUS, for_starting
from backend.errors import UserError
from backend.inputs.placement import RADIUS


def test_schedules_shrink_with_the_steps() -> None:
    settings = for_starting(FAST)
    assert settings.optimizer.steps == 200
    for share in (0.0, 0.3, 0.6, 0.62, 0.9, 1.0):
        for group, name in (("guidance", "guidance_scale"), ("optimizer", "density_rate"), ("losses", "opacity")):
            before, after = (getattr(getattr(found, group), name) for found in (FAST, settings))
            assert value(after, 200 * share) == pytest.approx(value(before, 300 * share))
    assert stretched(0.5, 2) == 0.5
    assert settings.refine == FAST.refine


def test_the_views_frame_the_mesh() -> None:
    assert for_starting(FAST).camera.frame_radius == FRAME_RADIUS == RADIUS


def test_overrides_come_after_the_changes() -> None:
    assert settings_for("fast", {"optimizer.steps": 9}, "start").optimizer.steps == 9


@pytest.mark.parametrize("name", [name for name in PRESETS if name != "paper"])
def test_presets_with_voxels_can_start_from_a_mesh(name: str) -> None:
    assert settings_for(name, {}, "start").optimizer.steps == round(2 / 3 * PRESETS[name].optimizer.steps)


@pytest.mark.parametrize(("name", "overrides"), [("paper", {}), ("fast", {"field.kind": "mlp"})])
def test_other_fields_are_refused(name: str, overrides: dict[str, object]) -> None:
    with pytest.raises(UserError, match=f"The preset '{name}' cannot start from a mesh"):
        settings_for(name, overrides, "start")
    settings_for(name, overrides)
