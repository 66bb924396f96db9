"""The vocabulary of a model: the contents of `world.json` in its folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .spelling import SHORT, Spelling

FORMER_COLORS = "colours"  # codespell:ignore colours
_MOST_SUGGESTIONS = 2


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


def well_known(world: Mapping[str, Any]) -> list[str]:
    """Returns the kinds of objects with good results."""
    weak = set(world.get("weak", ()))
    return [kind for kind in world["kinds"] if kind not in weak]


class Vocabulary:
    """The words of a model.

    Args:
        world: see `read_world`.
    """

    def __init__(self, world: Mapping[str, Any]) -> None:
        self.kinds: tuple[str, ...] = tuple(world["kinds"])
        self.good_kinds = tuple(well_known(world))
        self.weak = frozenset(world.get("weak", ()))
        self.colors: tuple[str, ...] = tuple(world["colors"])
        self.materials: tuple[str, ...] = tuple(world.get("materials", ()))
        self.sizes: tuple[str, ...] = tuple(world.get("sizes", ()))
        self.words = frozenset(world["words"])
        self.synonyms: dict[str, str] = dict(world.get("synonyms", {}))
        self._related: dict[str, list[str]] = dict(world.get("related", {}))
        self._offered = frozenset((*self.good_kinds, *self.colors, *self.materials, *self.sizes))
        # Short synonyms resemble too many other words: "key" resembles "keg", a barrel.
        synonyms = (word for word, meant in self.synonyms.items() if len(word) > SHORT and meant in self._offered)
        self._spelling = Spelling((*self._offered, *synonyms))

    @classmethod
    def read(cls, folder: Path) -> Vocabulary:
        """Reads the vocabulary of the model in a folder.

        Raises:
            OSError, ValueError: the file cannot be read, or is not a vocabulary.
        """
        try:
            return cls(read_world(folder))
        except (KeyError, TypeError) as error:
            raise ValueError("world.json is not a vocabulary") from error

    def find(self, word: str) -> str | None:
        """The known word for a word in lowercase, its plural or a synonym. None if it is unknown."""
        if word in self.words:
            return word
        if word in self.synonyms:
            return self.synonyms[word]
        for ending, replacement in (("ies", "y"), ("es", ""), ("s", "")):
            if word.endswith(ending):
                single = word.removesuffix(ending) + replacement
                if single in self.words or single in self.synonyms:
                    return self.synonyms.get(single, single)
        return None

    def suggest(self, word: str) -> tuple[str, ...]:
        """Words with good results that are related to an unknown word by meaning, else by spelling."""
        related = self._related.get(word, ()) or self._related.get(word.removesuffix("s"), ())
        found = related or [self.synonyms.get(near, near) for near in self._spelling.nearest(word)]
        return tuple(dict.fromkeys(near for near in found if near in self._offered))[:_MOST_SUGGESTIONS]
