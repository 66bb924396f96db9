"""Overrides: valid values get the right type; invalid ones raise an error that names the setting."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.config.overrides import apply_overrides, flatten, parse_assignment
from backend.config.presets import ALL_PRESETS, PRESETS
from backend.config.schedules import Schedule
from backend.errors import UserError
from backend.lab.prior.settings import TrainSettings


@dataclass(frozen=True)
class Inner:
    count: int = 3
    rate: Schedule = 0.5
    on: bool = True
    name: str = "x"
    kind: Literal["a", "b"] = "a"
    limit: float | None = None
    pair: tuple[float, float] = (0.0, 1.0)
    levels: tuple[int, ...] = (8, 16)

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ValueError("it must be 1 or more.")


@dataclass(frozen=True)
class Outer:
    inner: Inner = field(default_factory=Inner)
    other: Inner = field(default_factory=Inner)


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("count", 5, 5),
        ("count", 5.0, 5),
        ("rate", 2, 2.0),
        ("rate", [[0, 1], [10, 0.5]], ((0.0, 1.0), (10.0, 0.5))),
        ("on", False, False),
        ("name", "y", "y"),
        ("kind", "b", "b"),
        ("limit", None, None),
        ("limit", 3, 3.0),
        ("pair", [1, 2], (1.0, 2.0)),
        ("levels", [4], (4,)),
        ("levels", [], ()),
    ],
)
def test_valid_values(name: str, given: Any, expected: Any) -> None:
    made = apply_overrides(Outer(), {f"inner.{name}": given})
    value = getattr(made.inner, name)
    assert value == expected
    assert type(value) is type(expected)
    assert made.other == Inner()


@pytest.mark.parametrize(
    ("name", "given", "text"),
    [
        ("count", 1.5, "a whole number"),
        ("count", True, "a whole number"),
        ("count", "5", "a whole number"),
        ("count", 0, "1 or more"),
        ("rate", "fast", "a number or a list of [a number, a number]"),
        ("rate", [[0, 1, 2]], "a number or a list of"),
        ("rate", float("nan"), "a number"),
        ("on", 1, "true or false"),
        ("name", 3, "text"),
        ("kind", "c", "one of a, b"),
        ("limit", "none at all", "a number or null"),
        ("pair", [1], "[a number, a number]"),
        ("levels", [1, "2"], "a list of whole numbers"),
        ("levels", 4, "a list of whole numbers"),
    ],
)
def test_invalid_values_name_the_setting_and_its_type(name: str, given: Any, text: str) -> None:
    with pytest.raises(UserError) as caught:
        apply_overrides(Outer(), {f"inner.{name}": given})
    assert f"'inner.{name}'" in str(caught.value)
    assert text in str(caught.value)
    assert caught.value.code == "settings"


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("inner.cuont", "inner.count"),
        ("iner.rate", "inner.rate"),
        ("rate", "inner.rate or other.rate"),
        ("inner", "inner.count"),
        ("inner.rate.low", "inner.rate"),
        ("", "The groups are inner, other"),
        ("zzzzzz", "The groups are inner, other"),
    ],
)
def test_unknown_names_suggest_similar_ones(path: str, hint: str) -> None:
    with pytest.raises(UserError) as caught:
        apply_overrides(Outer(), {path: 1})
    assert hint in str(caught.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.b=3", ("a.b", 3)),
        ("a.b=1e-3", ("a.b", 0.001)),
        ("a.b=[[0, 1], [9, 2]]", ("a.b", [[0, 1], [9, 2]])),
        ("a.b=True", ("a.b", True)),
        ("a.b=sigma_squared", ("a.b", "sigma_squared")),
        ("a.b=x=y", ("a.b", "x=y")),
        ("a.b=", ("a.b", "")),
    ],
)
def test_parse_assignment(text: str, expected: tuple[str, Any]) -> None:
    assert parse_assignment(text) == expected


@pytest.mark.parametrize("text", ["a.b", "=3", " = 3"])
def test_parse_assignment_without_a_name_or_a_value(text: str) -> None:
    with pytest.raises(UserError, match="Write NAME=VALUE"):
        parse_assignment(text)


@pytest.mark.parametrize("name", ALL_PRESETS)
def test_every_field_of_every_preset_can_be_set(name: str) -> None:
    """Settings recorded as JSON are restored exactly."""
    preset = ALL_PRESETS[name]
    as_json = {path: _listed(value) for path, value in flatten(preset).items()}
    assert apply_overrides(preset, as_json) == preset


def _listed(value: Any) -> Any:
    return [_listed(entry) for entry in value] if isinstance(value, tuple) else value


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=5))
def test_any_value_is_accepted_or_explained(value: Any) -> None:
    for path in flatten(Outer()):
        message = _error_message(path, value)
        assert message is None or (message.endswith(".") and "\n" not in message)


def _error_message(path: str, value: Any) -> str | None:
    try:
        apply_overrides(Outer(), {path: value})
    except UserError as error:
        return str(error)
    return None


def test_paths():
    settings = TrainSettings(run=Path("run"), pictures=Path("pictures"))
    assert apply_overrides(settings, {"start_from": "weights"}).start_from == Path("weights")
    with pytest.raises(UserError, match="path or null"):
        apply_overrides(settings, {"start_from": 5})


@pytest.mark.parametrize("name", ["optimiser.steps", "optimizer.steps"])
def test_the_optimizer_has_two_spellings(name: str) -> None:
    made = apply_overrides(PRESETS["fast"], dict([parse_assignment(f"{name}=3")]))
    assert made.optimizer.steps == 3


def test_an_unknown_setting_of_a_former_group_is_named_as_given() -> None:
    with pytest.raises(UserError, match=r"'optimiser\.stepz'.*Did you mean optimizer\.steps"):
        apply_overrides(PRESETS["fast"], {"optimiser.stepz": 3})


def test_settings_recorded_by_version_0_1_0(repo: Path) -> None:
    recorded = json.loads((repo / "tests" / "config" / "settings-0.1.0.json").read_text())["settings"]
    assert "optimiser.steps" in recorded
    made = apply_overrides(PRESETS["fast"], recorded)
    renamed = {name.replace("optimiser.", "optimizer."): value for name, value in recorded.items()}
    as_json = {path: _listed(value) for path, value in flatten(made).items()}
    defaults = {path: _listed(value) for path, value in flatten(PRESETS["fast"]).items()}
    assert as_json == {**defaults, **renamed}  # settings that were added since have their defaults
