"""Files of prompts: JSON or one a line."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...errors import UserError
from ...guidance.builtin.words import well_known
from ..world.captions import article


@dataclass(frozen=True)
class Prompts:
    """texts: without repetitions, in the file's order; meshes: file names that the file gives to some of them."""

    texts: tuple[str, ...]
    meshes: dict[str, str] = field(default_factory=dict)  # name -> prompt


def read_prompts(path: Path) -> Prompts:
    """A JSON list of prompts, a JSON list of objects with "prompt" and perhaps "mesh", a JSON object from mesh names to
    prompts, or text with a prompt a line (empty lines and lines that begin with # are left out).

    Raises:
        UserError: it cannot be read, or holds no prompt.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise UserError(f"The prompts {path} cannot be read: {error}.", "prompts") from error
    pairs = _pairs(text, path)
    cleaned = [(name, " ".join(prompt.split())) for name, prompt in pairs if prompt.strip()]
    if not cleaned:
        raise UserError(f"{path} holds no prompt: write one on each line.", "prompts")
    texts = tuple(dict.fromkeys(prompt for _, prompt in cleaned))
    return Prompts(texts, {name: prompt for name, prompt in cleaned if name})


def _pairs(text: str, path: Path) -> list[tuple[str, str]]:
    if text.lstrip()[:1] not in ("[", "{"):
        return [("", line) for line in text.splitlines() if not line.lstrip().startswith("#")]
    try:
        return _from_json(json.loads(text))
    except (AttributeError, ValueError, KeyError, TypeError) as error:
        raise UserError(
            f'{path} is no list of prompts: write ["a red mug", ...], [{{"prompt": ..., "mesh": ...}}, ...] or one on each line.',
            "prompts",
        ) from error


def _from_json(raw: Any) -> list[tuple[str, str]]:
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
    """A prior's own prompts: every kind that comes out right by `world` (the contents of a world.json) once, in one of the colors.

    One prompt for each kind, since a render without colors cannot tell two colors of one kind apart. The order is drawn from the
    seed, so that the first few are a fair choice among all; the colors take turns in it.
    """
    kinds = sorted(well_known(world))
    random.Random(seed).shuffle(kinds)
    return [article(f"{colors[number % len(colors)]} {kind}") for number, kind in enumerate(kinds)]


def slug(text: str) -> str:
    """ "A red mug!" -> "a-red-mug"."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
