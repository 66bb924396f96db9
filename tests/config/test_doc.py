"""Descriptions of settings and presets, the source of the reference pages."""

from __future__ import annotations

import pytest

from backend.config.doc import describe
from backend.config.mesh import MeshSettings
from backend.config.overrides import apply_overrides, flatten, parse_assignment
from backend.config.presets import ALL_PRESETS, DESCRIPTIONS
from backend.config.settings import Settings
from backend.errors import UserError


def test_every_setting_has_a_description() -> None:
    docs = describe(Settings())
    assert list(docs) == list(flatten(Settings()))
    for path, doc in docs.items():
        assert doc.text[:1].isupper(), path
        assert not doc.text.endswith("."), path
        assert "\n" not in doc.text
        assert (doc.low is None) == (doc.high is None)


def test_every_group_has_a_summary() -> None:
    groups = [getattr(Settings(), path.partition(".")[0]) for path in flatten(Settings())]
    for group in groups:
        assert (type(group).__doc__ or "").splitlines()[0].endswith("."), group


def test_every_preset_has_a_description() -> None:
    assert DESCRIPTIONS.keys() == ALL_PRESETS.keys()
    assert list(DESCRIPTIONS) == list(ALL_PRESETS)


@pytest.mark.parametrize("resolution", [15, 1025])
def test_the_documented_range_is_checked(resolution: int) -> None:
    doc = describe(Settings())["mesh.resolution"]
    assert (doc.low, doc.high) == (16, 1024)
    with pytest.raises(UserError, match=r"'mesh.resolution' is \d+ and must be between 16 and 1024 cells") as caught:
        MeshSettings(resolution=resolution)
    assert caught.value.code == "settings"


def test_every_number_has_a_range() -> None:
    for path, doc in describe(Settings()).items():
        value = flatten(Settings())[path]
        numbers = value if isinstance(value, tuple) else (value,)
        if any(isinstance(number, (int, float)) and not isinstance(number, bool) for number in numbers):
            assert doc.low is not None, path


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("optimizer.views", 0, "must be between 1 and 64 views"),
        ("optimizer.samples", 0, "must be between 8 and 1024 samples"),
        ("optimizer.steps", 1e12, "must be between 1 and 1000000 steps"),
        ("output.preview_every", 0, "must be between 1 and 1000000 steps"),
        ("field.levels", [], "must have 1 to 8 entries"),
        ("field.levels", [8, 4], "must be in ascending order"),
        ("field.levels", [8, 4000], "must be between 2 and 512 voxels"),
        ("camera.distance", [3, 1], "must be in ascending order"),
        ("optimizer.render_px", [], "must have at least one point"),
        ("optimizer.render_px", [[10, 64], [0, 32]], "must have points with increasing steps"),
        ("optimizer.render_px", [[0, 64], [9, 0]], "must be between 8 and 1024 pixels"),
        ("guidance.t_low", 0.99, r"at step 0 and must not be above 'guidance.t_high', 0\.98"),
        ("guidance.t_high", [[0, 0.9], [10, 0.01]], r"is 0\.02 at step 10 and must not be above"),
        ("guidance.prefix", "x" * 2000, "must have at most 1000 characters"),
        ("optimizer.steps", 10**400, "must be a whole number"),
        ("optimizer.density_rate", 10**400, "must be a number"),
        pytest.param("optimizer.steps", 10**5000, "must be a whole number", id="5000 digits"),
    ],
)
def test_invalid_values_get_one_short_sentence(path: str, value: object, message: str) -> None:
    with pytest.raises(UserError, match=message) as caught:
        apply_overrides(ALL_PRESETS["fast"], {path: value})
    assert caught.value.code == "settings"
    assert path in str(caught.value)
    assert len(str(caught.value)) < 250


def test_dependent_settings_are_checked_together() -> None:
    """No order of the assignments fails on an intermediate state."""
    made = apply_overrides(ALL_PRESETS["fast"], {"guidance.t_low": 0.985, "guidance.t_high": 0.99})
    assert (made.guidance.t_low, made.guidance.t_high) == (0.985, 0.99)


def test_every_preset_is_consistent() -> None:
    for settings in ALL_PRESETS.values():
        settings.check()


@pytest.mark.parametrize(
    "text", ["x" * 10**6, "steps=" + "[" * 100_000, "optimizer." + "y" * 10**6 + "=1"], ids=["text", "depth", "name"]
)
def test_messages_do_not_repeat_long_input(text: str) -> None:
    with pytest.raises(UserError) as caught:
        apply_overrides(ALL_PRESETS["fast"], dict([parse_assignment(text)]))
    assert len(str(caught.value)) < 400
