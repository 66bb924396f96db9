"""Names of imported objects."""

from __future__ import annotations

import pytest

from dreamfusion_blender.core.naming import name_for


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("a shiny red mushroom", "Mushroom"),
        ("two blue mugs", "Mug"),
        ("a scarlet toadstool", "Mushroom"),  # a synonym
        ("a dragon, highly detailed, 8k", "Dragon"),
        ("The iron throne", "Iron throne"),
        ("an ornate bronze astrolabe with engraved zodiac signs", "Ornate bronze astrolabe"),
        ("A", "A"),
        ("a  dragon", "Dragon"),
        ("...dragon!", "Dragon"),
        ("эйфелева башня", "Эйфелева башня"),
        ("日本の古い城" * 20, "日本の古い城日本の古い城日本の古"),
        ("x" * 100, "X" * 1 + "x" * 31),
    ],
)
def test_the_name_is_the_kind_or_the_first_words(prompt: str, name: str) -> None:
    assert name_for(prompt) == name
    assert len(f"{name} roughness.001".encode()) <= 63


def test_a_prompt_of_punctuation_has_a_name() -> None:
    assert name_for("?!") == "?!"
