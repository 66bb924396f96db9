"""The color word of an image is added to prompts that name no color."""

from __future__ import annotations

import numpy as np
import pytest

from backend.guidance.builtin.prior import BUILTIN
from backend.inputs.color_words import COLORS, missing_color
from backend.prompts.reading import read_prompt
from backend.prompts.vocabulary import Vocabulary

WORLD = Vocabulary.read(BUILTIN)


def pixels(*colors: str) -> np.ndarray:
    return np.repeat([COLORS[color] for color in colors], 10, axis=0)


@pytest.mark.parametrize("color", list(COLORS))
def test_each_color_has_its_word_also_when_it_is_shaded(color: str) -> None:
    assert missing_color("a mug", WORLD, pixels(color)) == color
    if color not in ("blue", "beige", "brown", "gold", "white", "gray", "yellow"):  # darker ones have other names
        assert missing_color("a mug", WORLD, 0.85 * pixels(color)) == color


def test_the_most_frequent_color_counts() -> None:
    assert missing_color("a mushroom", WORLD, pixels("teal", "white", "teal")) == "teal"


@pytest.mark.parametrize("prompt", ["a red mug", "a crimson mug", "a mug with a green handle"])
def test_a_color_in_the_prompt_stays_alone(prompt: str) -> None:
    assert missing_color(prompt, WORLD, pixels("teal")) == ""


def test_without_an_object_or_pixels_nothing_is_added() -> None:
    assert missing_color("something", WORLD, pixels("teal")) == ""
    assert missing_color("a mug", WORLD, pixels("teal")[:0]) == ""


def test_the_added_word_is_read_as_the_color_of_the_object() -> None:
    assert read_prompt("a mug, teal", WORLD).text == "a teal mug"
