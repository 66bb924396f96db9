"""Puts words of a vocabulary into a prompt."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..backend.prompts.reading import Reading, Word, read_prompt
from ..backend.prompts.vocabulary import Vocabulary

_ARTICLE_BEFORE = re.compile(r"\b([Aa])n?(\s+)$")


def replaced(prompt: str, words: Mapping[Word, str]) -> str:
    """The prompt with some of its words replaced."""
    for word in sorted(words, key=lambda word: word.start, reverse=True):
        prompt = _spliced(prompt, word.start, word.end, words[word])
    return prompt


def with_word(prompt: str, word: str, vocabulary: Vocabulary) -> str:
    """The prompt with a kind of object or a color from the vocabulary. It replaces the former one.

    A prompt without a known object keeps only its known colors, materials and sizes: "a red guitar" becomes "a red mug".
    """
    reading = read_prompt(prompt, vocabulary)
    if word in vocabulary.kinds:
        if reading.head:
            return replaced(prompt, {reading.words[reading.main]: word})
        known = (*vocabulary.sizes, *vocabulary.colors, *vocabulary.materials)
        adjectives = dict.fromkeys(w.meaning for w in reading.words if w.meaning in known)
        return _with_article(" ".join([*(text for text in adjectives if text), word]))
    if old := _color_of(reading, vocabulary):
        return replaced(prompt, {old: word})
    if reading.head:
        at = reading.words[reading.main].start
        return _spliced(prompt, at, at, f"{word} ")
    return _with_article(word)


def _color_of(reading: Reading, vocabulary: Vocabulary) -> Word | None:
    """The color of the object: the last one before it, or the first one of a prompt without an object."""
    before = reading.words[: reading.main] if reading.head else reading.words[::-1]
    return next((word for word in reversed(before) if word.meaning in vocabulary.colors), None)


def _spliced(prompt: str, start: int, end: int, text: str) -> str:
    """Replaces a part of the prompt, and corrects an article before it: "a red mug" becomes "an orange mug"."""
    before = _ARTICLE_BEFORE.sub(lambda m: f"{m[1]}{'n' if text[:1] in 'aeiou' else ''}{m[2]}", prompt[:start])
    return before + text + prompt[end:]


def _with_article(text: str) -> str:
    return f"{'an' if text[:1] in 'aeiou' else 'a'} {text}"
