"""Prompts in the words of a model with a closed vocabulary: synonyms, ignored words and suggestions."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_WORD = re.compile(r"[^\W_]+|,")
_FUNCTION_WORDS = frozenset(("a", "an", "the", "that", "is", "in", "of", "on", "out", "made", ","))
_ORDER = ("sizes", "colors", "materials", "kinds")  # in captions: "a tall red striped mug"
FORMER_COLORS = "colours"  # codespell:ignore colours


def read_world(folder: Path) -> dict[str, Any]:
    """Reads the vocabulary of a model, `world.json` in its folder.

    Models trained with version 0.1.0 spell the key of the colors differently.

    Raises:
        OSError, ValueError: the file cannot be read.
    """
    world = json.loads((folder / "world.json").read_text(encoding="utf-8"))
    if not isinstance(world, dict):
        raise ValueError("world.json is not an object")
    if FORMER_COLORS in world:
        world["colors"] = world.pop(FORMER_COLORS)
    return world


@dataclass(frozen=True)
class Reading:
    """A prompt in the vocabulary of a model.

    text: the prompt in known words. kinds: of objects in it. weak: kinds in it with poor results. read_as: replaced words and
    their replacements. ignored: unknown words, each with the nearest known words (may be empty).
    """

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


def _suggest(word: str, world: Mapping[str, Any]) -> tuple[str, ...]:
    """Known words related to an unknown one by meaning, else by spelling."""
    if word in world.get("related", {}):
        return tuple(world["related"][word])
    offered = [*well_known(world), *world["colors"], *world.get("materials", ()), *world.get("sizes", ())]
    synonyms = world.get("synonyms", {})
    similar = difflib.get_close_matches(word, [*offered, *synonyms], n=2, cutoff=0.72)
    return tuple(dict.fromkeys(synonyms.get(match, match) for match in similar))


def well_known(world: Mapping[str, Any]) -> list[str]:
    """Returns the kinds of objects with good results."""
    weak = set(world.get("weak", ()))
    return [kind for kind in world["kinds"] if kind not in weak]


def _reorder(words: list[str], world: Mapping[str, Any]) -> list[str]:
    """Puts the words into the usual order of the captions: "mug, red" and "a mug that is made in red" become "a red mug".

    Prompts with two words of one category, or with other words, keep their order: it determines which color belongs to what.
    """
    categories = [[word for word in dict.fromkeys(words) if word in world.get(name, ())] for name in _ORDER]
    content = [word for category in categories for word in category]
    if any(len(category) > 1 for category in categories) or not categories[-1]:
        return words
    return words if set(words) - _FUNCTION_WORDS - set(content) else ["a", *content]


def read_prompt(prompt: str, world: Mapping[str, Any]) -> Reading:
    """Translates a prompt to the vocabulary `world` (see `read_world`): replaces synonyms and plurals, drops unknown words, and
    reorders the rest where that is safe."""
    known, synonyms = set(world["words"]), world.get("synonyms", {})
    kept: list[str] = []
    read_as: dict[str, str] = {}
    ignored: dict[str, tuple[str, ...]] = {}
    for word in _WORD.findall(prompt.lower()):
        replacement = word if word in known or word == "," else synonyms.get(word)
        if replacement is None and (single := _singular(word, known | set(synonyms))):
            replacement = synonyms.get(single, single)
        if replacement is None:
            ignored[word] = _suggest(word, world)
        else:
            if replacement != word:
                read_as[word] = replacement
            kept.append(replacement)
    text = re.sub(r"( ,)+", ",", " ".join(_reorder(kept, world))).strip(" ,")
    # Dropped words can change the article: "an antique mug" becomes "a mug".
    text = re.sub(r"\b(an?) (?=(\w))", lambda m: "an " if m[2] in "aeiou" else "a ", text)
    kinds = tuple(dict.fromkeys(word for word in kept if word in set(world["kinds"])))
    weak = tuple(kind for kind in kinds if kind in set(world.get("weak", ())))
    return Reading(text, kinds, weak, read_as, ignored)


def _quote(words: Iterable[str], separator: str) -> str:
    return separator.join(f'"{word}"' for word in words)


def prompt_notes(reading: Reading, vocabulary: str) -> str | None:
    """Returns a message to the user about a prompt: unknown words, weak kinds, no kind. None if there is nothing to report."""
    parts = []
    if reading.ignored:
        pronoun = "it" if len(reading.ignored) == 1 else "them"
        parts.append(f"The model does not recognize {_quote(reading.ignored, ', ')} and ignores {pronoun}.")
        hints = [f'{_quote(near, " or ")} instead of "{word}"' for word, near in reading.ignored.items() if near]
        if hints:
            parts.append(f"Try {', '.join(hints)}.")
    if reading.weak:
        parts.append(f"The results for {' and '.join(reading.weak)} are often poor.")
    if not reading.kinds:
        parts.append(f"The prompt contains no object that the model supports. {vocabulary}")
    elif reading.ignored and not any(reading.ignored.values()):
        parts.append(vocabulary)
    return " ".join(parts) or None
