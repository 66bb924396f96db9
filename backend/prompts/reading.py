"""Reads a prompt in the words of a model with a closed vocabulary: its object, synonyms, and words without effect."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .vocabulary import Vocabulary

_WORD = re.compile(r"[^\W_]+|,")
_ARTICLES = frozenset(("a", "an", "the"))
_FUNCTION_WORDS = _ARTICLES | {"that", "is", "in", "of", "on", "out", "made", ","}
# These begin the next part of a prompt: "a chair | on a table", "a mug | with a handle".
_JOINTS = frozenset(
    [
        ",",
        "about",
        "above",
        "across",
        "against",
        "and",
        "around",
        "as",
        "at",
        "atop",
        "before",
        "behind",
        "below",
        "beneath",
        "beside",
        "between",
        "but",
        "by",
        "for",
        "from",
        "has",
        "have",
        "in",
        "inside",
        "into",
        "is",
        "made",
        "near",
        "next",
        "of",
        "on",
        "onto",
        "or",
        "out",
        "outside",
        "over",
        "that",
        "to",
        "under",
        "upon",
        "which",
        "while",
        "who",
        "with",
        "without",
    ]
)
_NUMBERS = frozenset(
    ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
)  # "three" is no misspelled "tree"
_MOST_SUGGESTIONS = 5  # unknown words of one prompt that get suggestions


@dataclass(frozen=True)
class Word:
    """A word of a prompt, or a comma. meaning: the known word, or None. start, end: its position in the prompt."""

    text: str
    meaning: str | None
    start: int
    end: int


@dataclass(frozen=True)
class Reading:
    """A prompt in the vocabulary of a model.

    Args:
        text: the prompt in known words, with one object.
        head: the object, or an empty string.
        others: further kinds of objects in the prompt, which are not in `text`.
        is_weak: results for the object are often poor.
        read_as: replaced words and their replacements.
        ignored: unknown words, each with the nearest known words (may be empty).
        words: the words of the prompt in order.
        main: the number of the object's word.
    """

    text: str
    head: str = ""
    others: tuple[str, ...] = ()
    is_weak: bool = False
    read_as: Mapping[str, str] = field(default_factory=dict)
    ignored: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: tuple[Word, ...] = ()
    main: int = -1


def read_prompt(prompt: str, vocabulary: Vocabulary) -> Reading:
    """Translates a prompt to the vocabulary: replaces synonyms and plurals, drops unknown words, keeps one object, and reorders
    the rest where that is safe.

    The object of "a chair on a table" is the chair, that of "a mushroom house" is the house.
    """
    words = _words_of(prompt, vocabulary)
    read_as = {w.text: w.meaning for w in words if w.meaning is not None and w.meaning != w.text}
    unknown = list(dict.fromkeys(w.text for w in words if w.meaning is None))
    asked = [word for word in unknown if word not in _NUMBERS][:_MOST_SUGGESTIONS]
    ignored = {word: vocabulary.suggest(word) if word in asked else () for word in unknown}
    kinds = frozenset(vocabulary.kinds)
    main, last = _find_object(words, kinds)
    head = words[main].meaning or "" if main >= 0 else ""
    if head:  # a second object would replace it, or have no effect
        ignored = {word: tuple(text for text in near if text not in kinds) for word, near in ignored.items()}
    # Of other objects, also what belongs to them is left out: all words from their part of the prompt on.
    kept = [w.meaning for n, w in enumerate(words[:last]) if w.meaning and (n == main or w.meaning not in kinds)]
    while head and kept[-1] in _JOINTS | _ARTICLES:  # "a mug with a spout" without the spout
        kept.pop()
    text = re.sub(r"( ,)+", ",", " ".join(_reorder(kept, vocabulary))).strip(" ,")
    # Dropped words can change the article: "an antique mug" becomes "a mug".
    text = re.sub(r"\b(an?) (?=(\w))", lambda m: "an " if m[2] in "aeiou" else "a ", text)
    others = dict.fromkeys(w.meaning for w in words if w.meaning in kinds and w.meaning != head)
    return Reading(
        text,
        head,
        tuple(kind for kind in others if kind),
        head in vocabulary.weak,
        read_as,
        ignored,
        tuple(words),
        main,
    )


def _words_of(prompt: str, vocabulary: Vocabulary) -> list[Word]:
    words: list[Word] = []
    longest = max(map(len, vocabulary.kinds)) + 2  # with the ending of a plural
    for match in _WORD.finditer(prompt):
        text = match[0].lower()
        meaning = text if text == "," else vocabulary.find(text)
        before = words[-1] if words else None
        joined = before.text + text if before is not None else ""
        if before is not None and len(joined) <= longest and vocabulary.find(joined) in vocabulary.kinds:
            words[-1] = Word(joined, vocabulary.find(joined), before.start, match.end())  # "light house", "tea pot"
        else:
            words.append(Word(text, meaning, match.start(), match.end()))
    return words


def _find_object(words: Sequence[Word], kinds: frozenset[str]) -> tuple[int, int]:
    """The number of the word for the object, or -1, and the end of what belongs to it.

    The object is the last kind in the first part of the prompt that has one.
    """
    starts = [0]
    for number, word in enumerate(words):
        is_verb = word.meaning is None and word.text.endswith("ing") and len(word.text) > 4  # "holding", "riding"
        if (
            word.text in _JOINTS
            or is_verb
            or (word.text in _ARTICLES and words[starts[-1] : number] and not _is_joint(words[starts[-1] : number]))
        ):
            starts.append(number)
    main = -1
    for start, end in zip(starts, [*starts[1:], len(words)], strict=True):
        found = [number for number in range(start, end) if words[number].meaning in kinds]
        if found and main >= 0:
            return main, start
        if found:
            main = found[-1]
    return main, len(words)


def _is_joint(words: Sequence[Word]) -> bool:
    """Whether there are only joints, so that an article belongs to them: "on a table"."""
    return all(word.text in _JOINTS for word in words)


def _reorder(words: list[str], vocabulary: Vocabulary) -> list[str]:
    """Puts the words into the usual order of the captions: "mug, red" and "a mug that is made in red" become "a red mug".

    Prompts with two words of one category, or with other words, keep their order: it determines which color belongs to what.
    """
    order = (vocabulary.sizes, vocabulary.colors, vocabulary.materials, vocabulary.kinds)  # "a tall red striped mug"
    categories = [[word for word in dict.fromkeys(words) if word in known] for known in order]
    content = [word for category in categories for word in category]
    if any(len(category) > 1 for category in categories) or not categories[-1]:
        return words
    return words if set(words) - _FUNCTION_WORDS - set(content) else ["a", *content]
