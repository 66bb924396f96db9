"""What is written under the judge's pictures: the object alone, as a person would ask for it. Nothing of views or styles."""

from __future__ import annotations

import random
import re
from dataclasses import replace

from ..world.captions import FORMS, noun_phrase
from ..world.vocabulary import PREFIXES, SYNONYMS, all_words
from .images import Label

OTHER_WORD = 0.15  # share of the words with synonyms that are replaced by one
PREFIXED = 0.2
# Of the closed question; `evaluate` asks with the first one.
TEMPLATES = (
    "a {color} {kind}",
    "{color} {kind}",
    "the {color} {kind}",
    "a {kind} that is {color}",
    "a {kind} in {color}",
)


def _meanings() -> dict[str, list[str]]:
    words = set(all_words())
    found: dict[str, list[str]] = {}
    for other, word in SYNONYMS.items():
        if other not in words:
            found.setdefault(word, []).append(other)
    return found


_SYNONYMS_OF = _meanings()


def _tidy(text: str) -> str:
    """ "a orange apple" -> "an orange apple"."""
    return re.sub(r"\ban? (?=(\w))", lambda m: "an " if m[1] in "aeiou" else "a ", text)


def caption(label: Label, rng: random.Random) -> str:
    """One caption. Of an object in clay, half of them leave the colors out: nobody sees them."""
    subject = label.subject
    if not label.shows_color and rng.random() < 0.5:
        subject = replace(subject, color=None, material="plain", second=None, accent=None)
    words = noun_phrase(subject, rng.randrange(FORMS)).split(" ")
    words = [
        rng.choice(_SYNONYMS_OF[word]) if word in _SYNONYMS_OF and rng.random() < OTHER_WORD else word for word in words
    ]
    prefix = f"{rng.choice(PREFIXES)} " if rng.random() < PREFIXED else ""
    return _tidy(prefix + " ".join(words))


def class_prompts(kinds: list[str], colors: list[str], template: str = TEMPLATES[0]) -> list[str]:
    """Every kind in every color, kinds slowest."""
    return [_tidy(template.format(color=color, kind=kind)) for kind in kinds for color in colors]
