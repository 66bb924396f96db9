"""Prompts in the words of a closed vocabulary."""

import json
import time

import pytest

from backend.guidance.builtin.prior import BUILTIN
from backend.prompts.notes import prompt_notes
from backend.prompts.reading import read_prompt
from backend.prompts.vocabulary import FORMER_COLORS, Vocabulary, read_world

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
KNOWN, SHIPPED = Vocabulary(WORLD), Vocabulary.read(BUILTIN)


@pytest.mark.parametrize(
    ("prompt", "text"),
    [
        ("A red mushroom.", "a red mushroom"),
        ("a scarlet cup, striped", "a red striped mug"),
        ("mushroom, red", "a red mushroom"),
        ("blue: an apple that is small", "a small blue apple"),
        ("a mug with a red stem", "a mug with a red stem"),
        ("a red mug in blue", "a red mug in blue"),
        ("an apple on a red mug", "an apple"),
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
    assert read_prompt(prompt, KNOWN).text == text


def test_readings_list_replaced_and_ignored_words():
    reading = read_prompt("an antique scarlet cup", KNOWN)
    assert reading.read_as == {"scarlet": "red", "cup": "mug"}
    assert reading.ignored == {"antique": ()}
    assert (reading.head, reading.others) == ("mug", ())
    assert [w.text for w in reading.words] == ["an", "antique", "scarlet", "cup"]
    assert reading.words[reading.main].meaning == "mug"


@pytest.mark.parametrize(
    ("prompt", "text", "others"),
    [
        ("a chair on a table", "a chair", ("table",)),
        ("a red chair on a blue table with a white stem", "a red chair", ("table",)),
        ("a photo of a red mug next to a tall tree", "a photo of a red mug", ("tree",)),
        ("a robot holding a duck", "a robot", ("duck",)),
        ("robot riding duck", "a robot", ("duck",)),
        ("an apple and a pear", "an apple", ("pear",)),
        ("a red mug, a blue car", "a red mug", ("car",)),
        ("a house with a red roof and a tree", "a house with a red roof", ("tree",)),
        ("a mushroom house", "a house", ("mushroom",)),
        ("an apple tree", "a tree", ("apple",)),
        ("the mug of a bear", "a mug", ("bear",)),
        ("a slice of cake on a table", "a cake", ("table",)),
        ("a teddy bear", "a bear", ()),
        ("two mugs and a mug", "a mug", ()),
        ("a tea pot", "a teapot", ()),
        ("a light house", "a lighthouse", ()),
        ("a mug with a white handle", "a mug with a white handle", ()),
        ("a mug with a zigzag", "a mug", ()),
    ],
)
def test_one_object_is_made(prompt, text, others):
    reading = read_prompt(prompt, SHIPPED)
    assert (reading.text, reading.others) == (text, others)


def test_supported_prompts_have_no_notes():
    assert prompt_notes(read_prompt("a scarlet cup", KNOWN)) is None


@pytest.mark.parametrize(
    ("prompt", "note"),
    [
        ("a shiny red mug", 'The model does not recognize "shiny".'),
        (
            "a dog and a red mushrom",
            'The prompt names no object that the model supports (it does not recognize "dog", "mushrom"). Try "bear" or "rabbit" '
            'instead of "dog", "mushroom" instead of "mushrom".',
        ),
        (
            "a guitar",
            'The prompt names no object that the model supports (it does not recognize "guitar"). Choose one in the '
            "panel's list of objects, or run 'models list'.",
        ),
        ("an apple on a mug", "The model makes only the apple, and leaves out the mug."),
        ("a bowl", "The results for bowl are often poor."),
        ("one two three four five mugs", 'The model does not recognize "one", "two", "three" and 2 more words.'),
    ],
)
def test_notes_are_at_most_two_short_sentences(prompt, note):
    assert prompt_notes(read_prompt(prompt, SHIPPED)) == note


def test_notes_of_long_prompts_are_short():
    for prompt in (
        "xyzzy" * 200,
        "a qwerty " * 100,
        " ".join(f"w{n}" for n in range(300)),
        "a bowl on a zzz qqq house",
    ):
        note = prompt_notes(read_prompt(prompt, SHIPPED))
        assert note is None or note.count(". ") <= 1, note


def test_weak_kinds_are_reported_and_never_suggested():
    weak = Vocabulary({**WORLD, "weak": ["mug"]})
    reading = read_prompt("a red mug", weak)
    assert (reading.head, reading.is_weak) == ("mug", True)
    assert "mug" not in weak.good_kinds
    assert read_prompt("a mugg", KNOWN).ignored["mugg"] == ("mug",)
    assert "mug" not in read_prompt("a mugg", weak).ignored["mugg"]


def test_every_word_of_the_shipped_vocabulary_leads_to_a_good_one():
    """Synonyms mean known words, and suggestions are words with good results."""
    world = read_world(BUILTIN)
    assert len(world["kinds"]) == 52
    assert set(world["weak"]) <= set(world["kinds"]) <= SHIPPED.words
    assert set(world["synonyms"].values()) <= SHIPPED.words
    good = {*SHIPPED.good_kinds, *SHIPPED.colors, *SHIPPED.materials, *SHIPPED.sizes}
    for word in world["related"]:
        assert SHIPPED.find(word) is None, word
        assert set(SHIPPED.suggest(word)) <= set(SHIPPED.good_kinds), word
    for kind in SHIPPED.kinds:
        assert read_prompt(f"a red {kind}", SHIPPED).head == kind
    # One letter is wrong, missing or doubled, or two are swapped.
    for word in good:
        wrong = {word[:at] + "q" + word[at + 1 :] for at in range(1, len(word))}
        wrong |= {word[:at] + word[at + 1 :] for at in range(1, len(word))}
        wrong |= {word[:at] + word[at] + word[at:] for at in range(1, len(word))}
        wrong |= {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(1, len(word) - 1)}
        for text in wrong:
            assert set(SHIPPED.suggest(text)) <= good
            if SHIPPED.find(text) is None and text not in world["related"]:
                assert SHIPPED.suggest(text), (word, text)


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("rec", ("red",)),
        ("mushrom", ("mushroom",)),
        ("pemguin", ("penguin",)),
        ("lihgthose", ("lighthouse",)),
        ("dog", ("bear", "rabbit")),
        ("dogs", ("bear", "rabbit")),
        ("kitten", ("rabbit",)),
        ("plate", ()),  # the related bowl is weak
        ("guitar", ()),
        ("key", ()),
        ("three", ("tree",)),
    ],
)
def test_suggestions_are_near_in_meaning_or_spelling(word, near):
    assert SHIPPED.suggest(word) == near


def test_numbers_are_no_misspelled_objects():
    assert read_prompt("three mugs", SHIPPED).ignored == {"three": ()}


def test_reading_a_prompt_of_the_greatest_length_is_quick():
    """The panel reads the prompt while the user types."""
    prompt = " ".join(f"word{number} qwerty" for number in range(90))[:1000]
    read_prompt(prompt, SHIPPED)
    started = time.process_time()
    read_prompt(prompt, SHIPPED)
    assert time.process_time() - started < 0.05


def test_the_vocabulary_of_models_of_version_0_1_0_can_be_read(tmp_path):
    former = {FORMER_COLORS if name == "colors" else name: words for name, words in WORLD.items()}
    for world in (WORLD, former):
        (tmp_path / "world.json").write_text(json.dumps(world))
        assert read_world(tmp_path) == WORLD


def test_a_damaged_vocabulary_is_an_error(tmp_path):
    (tmp_path / "world.json").write_text("[]")
    with pytest.raises(ValueError, match="not an object"):
        read_world(tmp_path)


def test_a_file_without_words_is_an_error(tmp_path):
    (tmp_path / "world.json").write_text("{}")
    with pytest.raises(ValueError, match="not a vocabulary"):
        Vocabulary.read(tmp_path)
