"""Reads prompts files and writes them, and the lists of prompts of the paper."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...errors import UserError
from ...prompts.vocabulary import well_known
from ..world.captions import article

SHIPPED = {
    # The object-centric captions of MS-COCO (CC BY 4.0) of Dream Fields, on which table 1 of the paper is measured.
    "coco": Path(__file__).parent / "data" / "coco.json",
    "gallery": Path(__file__).parent / "data" / "gallery.json",
}


@dataclass(frozen=True)
class Prompts:
    """The contents of a prompts file."""

    texts: tuple[str, ...]  # unique, in the order of the file
    meshes: dict[str, str] = field(default_factory=dict)  # file name of a mesh -> its prompt


def read_prompts(path: Path) -> Prompts:
    """Reads a prompts file, or one of the lists "coco" and "gallery".

    It is a JSON list of prompts, a JSON list of objects with "prompt" and optionally "mesh", a JSON object that maps
    mesh names to prompts or has a list called "prompts", or text with one prompt per line (empty lines and lines that start
    with # are ignored).

    Raises:
        UserError: the file cannot be read or contains no prompts.
    """
    path = SHIPPED.get(str(path), path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise UserError(f"Cannot read the prompts file {path}: {error}.", "prompts") from error
    pairs = _pairs(text, path)
    cleaned = [(name, " ".join(prompt.split())) for name, prompt in pairs if prompt.strip()]
    if not cleaned:
        raise UserError(f"The prompts file {path} is empty. Write one prompt per line.", "prompts")
    texts = tuple(dict.fromkeys(prompt for _, prompt in cleaned))
    return Prompts(texts, {name: prompt for name, prompt in cleaned if name})


def _pairs(text: str, path: Path) -> list[tuple[str, str]]:
    if text.lstrip()[:1] not in ("[", "{"):
        return [("", line) for line in text.splitlines() if not line.lstrip().startswith("#")]
    try:
        return _from_json(json.loads(text))
    except (AttributeError, ValueError, KeyError, TypeError) as error:
        raise UserError(
            f"The prompts file {path} has an unknown format. "
            'Use ["a red mug", ...], [{"prompt": ..., "mesh": ...}, ...] or one prompt per line.',
            "prompts",
        ) from error


def _from_json(raw: Any) -> list[tuple[str, str]]:
    if isinstance(raw, dict) and isinstance(raw.get("prompts"), list):
        raw = raw["prompts"]
    if isinstance(raw, dict):
        return [(str(name), _text(prompt)) for name, prompt in raw.items()]
    return [
        ("", entry) if isinstance(entry, str) else (str(entry.get("mesh", "")), _text(entry["prompt"])) for entry in raw
    ]


def _text(raw: Any) -> str:
    if not isinstance(raw, str):
        raise TypeError(raw)
    return raw


def own_prompts(world: Mapping[str, Any], colors: Sequence[str], seed: int = 0) -> list[str]:
    """Returns one prompt for each kind that a model generates well. The colors alternate.

    There is only one prompt per kind, because textureless renders do not distinguish colors. The order is random, so
    that the first prompts are a fair sample of all kinds.

    Args:
        world: the contents of the model's world.json.
        seed: of the order.
    """
    kinds = sorted(well_known(world))
    random.Random(seed).shuffle(kinds)
    return [article(f"{colors[number % len(colors)]} {kind}") for number, kind in enumerate(kinds)]


def slug(text: str) -> str:
    """Converts text to lowercase words with hyphens: "A red mug!" becomes "a-red-mug"."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
