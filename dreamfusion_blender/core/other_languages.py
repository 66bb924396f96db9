"""Translates words of prompts from the languages of the interface to the vocabulary of a model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_MOST_ENDING = 2  # letters of an inflected form: "rot", "rotes"
_SHORTEST = 3  # letters of a word with such an ending


class Dictionary:
    """Words in other languages.

    Args:
        languages: Tables from English words to their translations. Earlier ones take precedence.
    """

    def __init__(self, languages: Iterable[Mapping[str, str]], words: Iterable[str]) -> None:
        self._meaning: dict[str, str] = {}
        wanted = tuple(words)
        for table in languages:
            for word in wanted:
                if translation := table.get(word, "").casefold():
                    self._meaning.setdefault(translation, word)
        # Japanese and Chinese have no spaces between words. Longer words first, because they contain shorter ones.
        ideographic = (word for word in self._meaning if not any(c < "\u3000" for c in word))
        self._ideographic = sorted(ideographic, key=len, reverse=True)

    def translate(self, text: str) -> str:
        """The English words that a word means, separated by spaces, or an empty string."""
        text = text.casefold()
        if found := self._meaning.get(text):
            return found
        if any(c >= "\u3000" for c in text):
            return self._translate_ideographic(text)
        for word, meaning in self._meaning.items():
            if len(word) >= _SHORTEST and _is_form(text, word):
                return meaning
        return ""

    def _translate_ideographic(self, text: str) -> str:
        found: list[tuple[int, str]] = []
        for word in self._ideographic:
            at = text.find(word)
            if at >= 0:
                found.append((at, self._meaning[word]))
                text = text.replace(word, " " * len(word), 1)
        return " ".join(meaning for _, meaning in sorted(found))


def _is_form(text: str, word: str) -> bool:
    """Whether a text is the word with an ending, or in Spanish with another gender."""
    stem = word[:-1] if word.endswith("o") else word
    return text.startswith(stem) and len(text) - len(word) <= _MOST_ENDING and len(text) >= len(word)
