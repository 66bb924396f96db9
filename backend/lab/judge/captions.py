"""Captions of the judge's training pictures: the object as in a user's prompt, without view or style."""

from __future__ import annotations

import random
import re
from dataclasses import replace

from ..world.captions import FORMS, noun_phrase
from ..world.vocabulary import PREFIXES, SYNONYMS, all_words
from .images import Label

SYNONYM_SHARE = 0.15  # probability that a word with synonyms is replaced by one
PREFIX_SHARE = 0.2  # probability of a prefix such as "a photo of"
# Prompts of the classification loss; `evaluate` uses the first one.
TEMPLATES = (
    "a {color} {kind}",
    "{color} {kind}",
    "the {color} {kind}",
    "a {kind} that is {color}",
    "a {kind} in {color}",
)


def _group_synonyms() -> dict[str, list[str]]:
    """Maps each word to its synonyms outside the vocabulary."""
    words = set(all_words())
    synonyms: dict[str, list[str]] = {}
    for other, word in SYNONYMS.items():
        if other not in words:
            synonyms.setdefault(word, []).append(other)
    return synonyms


_SYNONYMS_OF = _group_synonyms()


def _fix_articles(text: str) -> str:
    """Replaces "a" by "an" before vowels and the reverse."""
    return re.sub(r"\ban? (?=(\w))", lambda m: "an " if m[1] in "aeiou" else "a ", text)


def caption(label: Label, rng: random.Random) -> str:
    """Returns a random caption. Half of the captions of textureless objects omit the colors, which are not visible."""
    subject = label.subject
    if not label.shows_color and rng.random() < 0.5:
        subject = replace(subject, color=None, material="plain", second=None, accent=None)
    words = noun_phrase(subject, rng.randrange(FORMS)).split(" ")
    words = [
        rng.choice(_SYNONYMS_OF[word]) if word in _SYNONYMS_OF and rng.random() < SYNONYM_SHARE else word
        for word in words
    ]
    prefix = f"{rng.choice(PREFIXES)} " if rng.random() < PREFIX_SHARE else ""
    return _fix_articles(prefix + " ".join(words))


def class_prompts(kinds: list[str], colors: list[str], template: str = TEMPLATES[0]) -> list[str]:
    """Returns the prompts of every kind in every color, kinds slowest."""
    return [_fix_articles(template.format(color=color, kind=kind)) for kind in kinds for color in colors]
