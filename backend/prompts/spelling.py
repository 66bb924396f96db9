"""Finds known words that a misspelled word resembles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

LONG = 7  # letters; from this length, two mistakes are allowed
SHORT = 4  # up to this length, the first letter must be right: otherwise "bed" resembles "red"


class Spelling:
    """Compares words by leaving out letters: "mushrom" is "mushroom" without one letter, and "rec" and "red" are both "re".

    A lookup takes microseconds, because the shortened forms of the known words are stored.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._by_form: dict[str, list[str]] = {}
        for word in words:
            for form in _forms(word):
                self._by_form.setdefault(form, []).append(word)

    def nearest(self, word: str) -> list[str]:
        """The known words that resemble `word`, the most similar ones first."""
        found: dict[str, int] = {}
        for form in _forms(word):
            for known in self._by_form.get(form, ()):
                if min(len(word), len(known)) <= SHORT and word[0] != known[0]:
                    continue
                mistakes = max(len(word), len(known)) - len(form)
                found[known] = min(mistakes, found.get(known, mistakes))
        return sorted(found, key=lambda known: (found[known], known[0] != word[0], known))


def _forms(word: str) -> Iterator[str]:
    """The word, and the word without each letter, or each two letters of a long word."""
    forms = {word}
    for _ in range(2 if len(word) >= LONG else 1):
        forms |= {form[:at] + form[at + 1 :] for form in forms for at in range(len(form))}
    return iter(forms)
