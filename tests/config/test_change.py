"""What the settings of a run become when it changes an object."""

from __future__ import annotations

from dataclasses import replace

import pytest

from backend.config.change import ChangeSettings
from backend.config.change_presets import at_amount
from backend.config.overrides import apply_overrides
from backend.config.presets import PRESETS
from backend.config.schedules import max_value, shifted, value
from backend.config.start_presets import for_starting
from backend.errors import UserError

GRIDS = [name for name, preset in PRESETS.items() if preset.field.kind == "grid"]


def test_the_rest_of_a_schedule() -> None:
    schedule = ((0, 0.0), (100, 10.0), (200, 0.0))
    late = shifted(schedule, 50)
    assert [value(late, step) for step in (0, 50, 100, 500)] == [5.0, 10.0, 5.0, 0.0]
    assert shifted(schedule, 300) == ((0, 0.0),)
    assert shifted(3.0, 50) == 3.0


@pytest.mark.parametrize("name", GRIDS)
def test_small_amounts_keep_the_shape_and_take_the_last_steps_with_less_noise(name: str) -> None:
    preset = PRESETS[name]
    late = at_amount(replace(preset, change=ChangeSettings(0.4)))
    total, steps = preset.optimizer.steps, late.optimizer.steps
    assert steps == round(0.4 * total)
    assert max_value(late.optimizer.density_rate) == 0
    assert late.field.prune_from > steps  # which would change the iso level
    assert value(late.optimizer.albedo_rate, steps) == value(preset.optimizer.albedo_rate, total)
    assert max_value(late.guidance.t_high) <= 0.4 * 0.98 + 1e-9
    assert value(late.guidance.guidance_scale, 0) == value(preset.guidance.guidance_scale, total - steps)
    late.check()


@pytest.mark.parametrize("name", GRIDS)
def test_large_amounts_are_full_runs(name: str) -> None:
    preset = replace(PRESETS[name], change=ChangeSettings(0.8))
    assert at_amount(preset) == preset
    assert preset.change.freedom == pytest.approx(0.6)


@pytest.mark.parametrize("amount", [0.0, 1.1, float("nan")])
def test_amounts_out_of_range_are_refused(amount: float) -> None:
    with pytest.raises(UserError, match=r"change\.amount"):
        ChangeSettings(amount)


def test_lists_of_pairs_that_are_no_schedules_do_not_change():
    loras = (("style.safetensors", 0.8), ("clay.safetensors", -0.5))
    settings = apply_overrides(PRESETS["sd"], {"guidance.loras": loras})
    assert at_amount(settings).guidance.loras == loras
    assert for_starting(settings).guidance.loras == loras
