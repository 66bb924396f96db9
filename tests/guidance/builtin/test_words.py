"""A prompt in the words of a closed vocabulary."""

import pytest

from backend.guidance.builtin.words import read_prompt, remark, well_known

WORLD = {
    "kinds": ["apple", "bear", "mug", "mushroom"],
    "colors": ["red", "blue"],
    "materials": ["striped"],
    "sizes": ["small"],
    "words": [
        "a",
        "an",
        "apple",
        "bear",
        "blue",
        "dslr",
        "in",
        "is",
        "mug",
        "mushroom",
        "of",
        "on",
        "photo",
        "red",
        "small",
        "stem",
        "striped",
        "that",
        "the",
        "with",
    ],
    "synonyms": {"scarlet": "red", "cup": "mug"},
    "related": {"dog": ["bear"]},
}


@pytest.mark.parametrize(
    ("prompt", "text"),
    [
        ("A red mushroom.", "a red mushroom"),
        ("a scarlet cup, striped", "a red striped mug"),
        ("mushroom, red", "a red mushroom"),
        ("blue: an apple that is small", "a small blue apple"),
        ("a mug with a red stem", "a mug with a red stem"),
        ("a red mug in blue", "a red mug in blue"),
        ("an apple on a red mug", "an apple on a red mug"),
        ("a dslr photo of the red mug", "a dslr photo of the red mug"),
        ("mushrooms", "a mushroom"),
        ("three cups", "a mug"),
        ("an antique red apple", "a red apple"),
        ("a very apple", "an apple"),
        ("a dog", "a"),
        ("RED_mug", "a red mug"),
        ("", ""),
    ],
)
def test_a_prompt_is_put_into_known_words(prompt, text):
    assert read_prompt(prompt, WORLD).text == text


def test_what_was_read_differently_and_what_was_ignored_is_told():
    reading = read_prompt("an antique scarlet cup", WORLD)
    assert reading.read_as == {"scarlet": "red", "cup": "mug"}
    assert reading.ignored == {"antique": ()}
    assert reading.kinds == ("mug",)


def test_nothing_is_said_of_a_prompt_that_is_understood():
    assert remark(read_prompt("a scarlet cup", WORLD), "builtin", "It knows apple.") is None


def test_relatives_and_spelling_give_hints():
    text = remark(read_prompt("a dog and a red mushrom", WORLD), "builtin", "It knows apple.")
    assert text is not None
    assert '"bear" for "dog"' in text
    assert '"mushroom" for "mushrom"' in text
    assert "names no object" in text


def test_an_unknown_word_without_relatives_brings_the_list():
    text = remark(read_prompt("a quixotic mug", WORLD), "builtin", "It knows apple.")
    assert text == "The prior 'builtin' does not know \"quixotic\" and ignores it. It knows apple."


def test_a_kind_that_seldom_comes_out_right_is_told_and_not_offered():
    world = {**WORLD, "weak": ["mug"]}
    reading = read_prompt("a red mug", world)
    assert (reading.kinds, reading.weak) == (("mug",), ("mug",))
    assert remark(reading, "builtin", "") == "The prior 'builtin' seldom makes a good mug."
    assert "mug" not in well_known(world)
    assert read_prompt("a mugg", WORLD).ignored["mugg"] == ("mug",)
    assert "mug" not in read_prompt("a mugg", world).ignored["mugg"]
