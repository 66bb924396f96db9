"""Draws settings with random values: valid ones from the ranges of the settings, and invalid ones."""

from __future__ import annotations

import math
from dataclasses import fields, is_dataclass
from random import Random
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from backend.config.doc import Doc, field_docs
from backend.config.schedules import Schedule
from backend.config.settings import Settings

# Upper limits on settings whose valid values can take hours or need tens of gigabytes.
AFFORDABLE = {
    "field.levels": 40,
    "field.mlp.blocks": 3,
    "field.mlp.proposal_samples": 32,
    "field.mlp.proposal_width": 64,
    "field.mlp.width": 64,
    "field.sphere.subdivisions": 3,
    "field.sphere.texture_px": 128,
    "mesh.bake_samples": 8,
    "mesh.coarse_resolution": 48,
    "mesh.normal_px": 256,
    "mesh.resolution": 64,
    "mesh.roughness_px": 256,
    "mesh.smoothing": 20,
    "mesh.texture_px": 256,
    "optimizer.render_px": 40,
    "optimizer.samples": 48,
    "optimizer.steps": 6,
    "optimizer.threads": 2,
    "optimizer.views": 4,
    "output.preview_px": 64,
    "refine.correction_px": 64,
    "refine.render_px": 48,
    "refine.smoothing": 20,
    "refine.steps": 3,
    "refine.views": 2,
}
INVALID: tuple[Any, ...] = (
    *(None, True, -1, 0, 0.5, 10**9, 10**400, 1e300, -1e300, math.nan, math.inf),
    *("", "7", "x" * 5000, "\x00\n", "\U0001f600"),
    *([], [0], [1, 2, 3], [5, 1], [[0, 1], [0, 2]], [[9, 1], [3, 2]], [["a", "b"]], [[[[]]]], {}, {"a": 1}),
)


def leaves(kind: type = Settings, prefix: str = "") -> dict[str, tuple[Any, Doc]]:
    """The type and the description of each setting, by its path."""
    found: dict[str, tuple[Any, Doc]] = {}
    hints, docs = get_type_hints(kind), field_docs(kind)
    for entry in fields(kind):  # type: ignore[arg-type]
        path, inner = f"{prefix}{entry.name}", hints[entry.name]
        found |= leaves(inner, f"{path}.") if is_dataclass(inner) else {path: (inner, docs[entry.name])}  # type: ignore[arg-type]
    return found


def draw(random: Random) -> dict[str, Any]:
    """One to three settings. Each value is valid for its setting, except for about a sixth."""
    known = leaves()
    paths = random.sample(list(known), random.randint(1, 3))
    return {
        path: random.choice(INVALID) if random.random() < 1 / 6 else _valid(random, path, *known[path])
        for path in paths
    }


def _valid(random: Random, path: str, kind: Any, doc: Doc) -> Any:
    low, high = doc.low or 0.0, min(doc.high or 0.0, AFFORDABLE.get(path, math.inf))

    def number(of: Any) -> float:
        share = random.choice((0.0, 1.0, random.random(), random.random() ** 4))  # the limits, and small values
        value = low + (high - low) * share
        return min(round(value), math.floor(high)) if of is int else value

    if kind == Schedule:
        steps = sorted(random.sample(range(10), random.randint(1, 3)))
        return number(float) if random.random() < 0.5 else [[step, number(float)] for step in steps]
    if get_origin(kind) in (Union, UnionType):
        return _valid(random, path, random.choice(get_args(kind)), doc)
    if kind is type(None):
        return None
    if kind is bool:
        return random.random() < 0.5
    if get_origin(kind) is Literal:
        return random.choice(get_args(kind))
    if kind is str:
        return "".join(random.choices("abc ,.é", k=random.randint(0, 1000)))
    if get_origin(kind) is tuple:
        inner, *rest = get_args(kind)
        if get_origin(inner) is Literal:
            return random.sample(get_args(inner), random.randint(0, len(get_args(inner))))
        count = random.randint(*(doc.count or (1, 4))) if rest == [...] else 1 + len(rest)
        numbers = [number(inner) for _ in range(count)]
        return sorted(numbers) if doc.rises else numbers
    return number(kind)
