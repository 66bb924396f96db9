"""Captions of the training pictures."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any, NamedTuple

from ...guidance.view_conditions import ViewConditions, coarse_view, fine_view
from .materials import MATERIALS
from .vocabulary import PREFIXES

_UNCOUNTED = ("lettuce", "icing", "dough")


class Caption(NamedTuple):
    """The text of a picture, and the view conditions that the model receives as numbers (None: none)."""

    text: str
    view: ViewConditions | None = None

    def to_record(self) -> dict[str, Any]:
        """Returns the caption as JSON values."""
        return {"text": self.text, "view": None if self.view is None else self.view._asdict()}

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Caption:
        """The inverse of `to_record`."""
        if (view := record["view"]) is None:
            return cls(record["text"])
        light = None if view["light"] is None else tuple(view["light"])
        return cls(record["text"], ViewConditions(**view | {"light": light}))


@dataclass(frozen=True)
class Subject:
    """The properties of an object in captions. Colors that are None are not named; `second` is the pattern's color."""

    kind: str
    color: str | None = None
    size: str | None = None  # "tall"
    material: str = "plain"
    second: str | None = None
    accent: tuple[str, str] | None = None  # ("white", "stem")


def article(words: str) -> str:
    return f"an {words}" if words[0] in "aeiou" else f"a {words}"


def noun_phrase(subject: Subject, form: int = 0) -> str:
    """Returns one noun phrase; `form` selects one of `FORMS` equivalent phrasings.

    `noun_phrase(Subject("mushroom", "red", accent=("white", "stem")))` -> "a red mushroom with a white stem".
    """
    material = MATERIALS[subject.material]
    with_pattern = subject.second is not None and form % 2 == 1 and material.noun
    extras = [f"{subject.second} {material.noun}"] if with_pattern else []
    if subject.accent:
        color, part = subject.accent
        extras.append(f"{color} {part}" if part.endswith("s") or part in _UNCOUNTED else article(f"{color} {part}"))
    adjective = None if subject.material == "plain" or with_pattern else material.adjective
    colors = [c for c in (subject.color, None if with_pattern else subject.second) if c]
    tail = f" with {' and '.join(extras)}" if extras else ""
    if colors and not extras and form >= 4:
        thing = article(" ".join(word for word in (subject.size, adjective, subject.kind) if word))
        return f"{thing} {'that is' if form < 6 else 'in'} {' and '.join(colors)}"
    words = " ".join(word for word in (subject.size, " and ".join(colors), adjective, subject.kind) if word)
    if form in (2, 3):
        return f"{'the ' if form == 3 else ''}{words}{tail}"
    return f"{article(words)}{tail}"


FORMS = 8
FORM_SHARES = (34, 34, 6, 6, 5, 5, 5, 5)


def compose(subject: Subject, view: ViewConditions, rng: random.Random) -> Caption:
    """Draws one caption: sometimes a prefix, the description, mostly the view (as numbers or words), mostly the style."""
    text = noun_phrase(subject, rng.choices(range(FORMS), FORM_SHARES)[0])
    if rng.random() < 0.15:
        text = f"{rng.choice(PREFIXES)} {text}"
    if rng.random() < 0.1:
        view = view._replace(light=None)
    form = rng.random()
    if 0.85 <= form < 0.93:
        text += f", {fine_view(view.azimuth, view.elevation)}"
    elif 0.93 <= form < 0.97:
        text += f", {coarse_view(view.azimuth, view.elevation)}"
    if rng.random() < 0.8:
        text += f", {view.style}"
    return Caption(text, view.rounded() if form < 0.85 else None)
