"""Prompts in the words of a closed vocabulary."""

import json

import pytest

from backend.guidance.builtin.words import FORMER_COLORS, prompt_notes, read_prompt, read_world, well_known

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
def test_prompts_are_translated_to_known_words(prompt, text):
    assert read_prompt(prompt, WORLD).text == text


def test_readings_list_replaced_and_ignored_words():
    reading = read_prompt("an antique scarlet cup", WORLD)
    assert reading.read_as == {"scarlet": "red", "cup": "mug"}
    assert reading.ignored == {"antique": ()}
    assert reading.kinds == ("mug",)


def test_supported_prompts_have_no_notes():
    assert prompt_notes(read_prompt("a scarlet cup", WORLD), "It supports apple.") is None


def test_suggestions_by_meaning_and_by_spelling():
    text = prompt_notes(read_prompt("a dog and a red mushrom", WORLD), "It supports apple.")
    assert text is not None
    assert 'does not recognize "dog", "and", "mushrom" and ignores them.' in text
    assert 'Try "bear" instead of "dog", "mushroom" instead of "mushrom".' in text
    assert "contains no object" in text


def test_unknown_words_without_suggestions_are_followed_by_the_vocabulary():
    text = prompt_notes(read_prompt("a quixotic mug", WORLD), "It supports apple.")
    assert text == 'The model does not recognize "quixotic" and ignores it. It supports apple.'


def test_weak_kinds_are_reported_and_never_suggested():
    world = {**WORLD, "weak": ["mug"]}
    reading = read_prompt("a red mug", world)
    assert (reading.kinds, reading.weak) == (("mug",), ("mug",))
    assert prompt_notes(reading, "") == "The results for mug are often poor."
    assert "mug" not in well_known(world)
    assert read_prompt("a mugg", WORLD).ignored["mugg"] == ("mug",)
    assert "mug" not in read_prompt("a mugg", world).ignored["mugg"]


def test_the_vocabulary_of_models_of_version_0_1_0_can_be_read(tmp_path):
    former = {FORMER_COLORS if name == "colors" else name: words for name, words in WORLD.items()}
    for world in (WORLD, former):
        (tmp_path / "world.json").write_text(json.dumps(world))
        assert read_world(tmp_path) == WORLD


def test_a_damaged_vocabulary_is_an_error(tmp_path):
    (tmp_path / "world.json").write_text("[]")
    with pytest.raises(ValueError, match="not an object"):
        read_world(tmp_path)
