"""A prompt in the words of a prior with a closed vocabulary: what it means there, what was ignored, what is near."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_WORD = re.compile(r"[^\W_]+|,")
_SAYING_NOTHING = frozenset(("a", "an", "the", "that", "is", "in", "of", "on", "out", "made", ","))
_ORDER = ("sizes", "colors", "materials", "kinds")  # of a caption: "a tall red striped mug"


@dataclass(frozen=True)
class Reading:
    """text: the prompt in known words. kinds: of objects, that it names; weak: those among them that seldom come out right.
    read_as: synonyms and what they were taken for. ignored: words that mean nothing there, each with the nearest known
    words, perhaps none."""

    text: str
    kinds: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    read_as: Mapping[str, str] = field(default_factory=dict)
    ignored: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def _singular(word: str, known: set[str]) -> str | None:
    for ending, replacement in (("ies", "y"), ("es", ""), ("s", "")):
        if word.endswith(ending) and word.removesuffix(ending) + replacement in known:
            return word.removesuffix(ending) + replacement
    return None


def _nearest(word: str, world: Mapping[str, Any]) -> tuple[str, ...]:
    """What somebody who wrote `word` may be glad of: a relative by meaning, else what is spelled alike."""
    if word in world.get("related", {}):
        return tuple(world["related"][word])
    offered = [*well_known(world), *world["colors"], *world.get("materials", ()), *world.get("sizes", ())]
    synonyms = world.get("synonyms", {})
    alike = difflib.get_close_matches(word, [*offered, *synonyms], n=2, cutoff=0.72)
    return tuple(dict.fromkeys(synonyms.get(found, found) for found in alike))


def well_known(world: Mapping[str, Any]) -> list[str]:
    """The kinds of objects that come out right; of the others, the prior was taught without success."""
    weak = set(world.get("weak", ()))
    return [kind for kind in world["kinds"] if kind not in weak]


def _in_order(words: list[str], world: Mapping[str, Any]) -> list[str]:
    """ "mug, red" and "a mug that is made in red" as the captions mostly said it: "a red mug". Only where at most one word of
    each sort is all that is said: which color belongs to what, words tell by where they stand."""
    sorts = [[word for word in dict.fromkeys(words) if word in world.get(sort, ())] for sort in _ORDER]
    said = [word for sort in sorts for word in sort]
    if any(len(sort) > 1 for sort in sorts) or not sorts[-1] or set(words) - _SAYING_NOTHING - set(said):
        return words
    return ["a", *said]


def read_prompt(prompt: str, world: Mapping[str, Any]) -> Reading:
    """Puts synonyms and plurals into the words of `world` (the contents of a world.json), leaves out what it lacks, and puts
    what is left into the captions' order where that is safe."""
    known, synonyms = set(world["words"]), world.get("synonyms", {})
    kept: list[str] = []
    read_as: dict[str, str] = {}
    ignored: dict[str, tuple[str, ...]] = {}
    for word in _WORD.findall(prompt.lower()):
        meant = word if word in known or word == "," else synonyms.get(word)
        if meant is None and (single := _singular(word, known | set(synonyms))):
            meant = synonyms.get(single, single)
        if meant is None:
            ignored[word] = _nearest(word, world)
        else:
            if meant != word:
                read_as[word] = meant
            kept.append(meant)
    text = re.sub(r"( ,)+", ",", " ".join(_in_order(kept, world))).strip(" ,")
    # "a big old mug" without "big" and "old" is still "a mug"; "an antique mug" must not become "an mug".
    text = re.sub(r"\b(an?) (?=(\w))", lambda m: "an " if m[2] in "aeiou" else "a ", text)
    kinds = tuple(dict.fromkeys(word for word in kept if word in set(world["kinds"])))
    weak = tuple(kind for kind in kinds if kind in set(world.get("weak", ())))
    return Reading(text, kinds, weak, read_as, ignored)


def remark(reading: Reading, name: str, known_words: str) -> str | None:
    """What the person should be told of how the prompt was read, None if everything was understood as it stands."""
    parts = []
    if reading.ignored:
        listed = ", ".join(f'"{word}"' for word in reading.ignored)
        parts.append(f"The prior '{name}' does not know {listed} and ignores it.")
        hints = [f'"{" or ".join(near)}" for "{word}"' for word, near in reading.ignored.items() if near]
        if hints:
            parts.append(f"Try {', '.join(hints)}.")
    if reading.weak:
        parts.append(f"The prior '{name}' seldom makes a good {' or '.join(reading.weak)}.")
    if not reading.kinds:
        parts.append(f"The prompt names no object that it was taught. {known_words}")
    elif reading.ignored and not any(reading.ignored.values()):
        parts.append(known_words)
    return " ".join(parts) or None
