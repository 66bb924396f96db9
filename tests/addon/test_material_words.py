"""Words for materials in prompts."""

from __future__ import annotations

import pytest

from dreamfusion_blender.core.material_words import METAL, WORDS, Finish, finish_of


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("a red mushroom", None),
        ("a gold mug", METAL),
        ("A Golden Crown", METAL),
        ("a mug made of gold", METAL),
        ("mug, gold", METAL),
        ("a wooden table", WORDS["wooden"]),
        ("a wooden table with metal legs", WORDS["wooden"]),
        ("a table with metal legs", None),
        ("a wooden and metal table", WORDS["wooden"]),
        ("a wooden metal table", None),  # two materials
        ("a matte plastic duck", Finish(0.0, WORDS["matte"].roughness)),
        ("a matte steel kettle", Finish(1.0, WORDS["matte"].roughness)),
        ("a shiny apple", WORDS["shiny"]),
        ("a non-metallic robot", None),
        ("a robot, not metal", None),
        ("a golden retriever", None),
        ("a glass of milk", None),
        ("a pine tree", None),
        ("glasses", None),  # no part of a word
        ("a goldfish", None),
        ("", None),
    ],
)
def test_finish_of(prompt: str, expected: Finish | None) -> None:
    assert finish_of(prompt) == expected


def test_values_are_in_range_and_only_metals_conduct() -> None:
    for finish in WORDS.values():
        assert finish.metallic in (0.0, 1.0)
        assert 0.0 < finish.roughness <= 1.0
    assert not {"wood", "glass", "plastic", "clay"} & {word for word, finish in WORDS.items() if finish.metallic}
