"""What is written under a training picture."""

from __future__ import annotations

import random
from dataclasses import dataclass

from ...guidance.judgment import Look
from ...guidance.view_words import coarse_view, exact_view, fine_view
from .materials import MATERIALS
from .vocabulary import PREFIXES

_UNCOUNTED = ("lettuce", "icing", "dough")


@dataclass(frozen=True)
class Subject:
    """What a caption can say of an object. Colors that are None are not named; `second` is the pattern's color."""

    kind: str
    color: str | None = None
    size: str | None = None  # "tall"
    material: str = "plain"
    second: str | None = None
    accent: tuple[str, str] | None = None  # ("white", "stem")


def article(words: str) -> str:
    return f"an {words}" if words[0] in "aeiou" else f"a {words}"


def _list(words: list[str]) -> str:
    return " and ".join(words)


def noun_phrase(subject: Subject, form: int = 0) -> str:
    """One noun phrase; `form` chooses among `FORMS` ways to say the same.

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
    tail = f" with {_list(extras)}" if extras else ""
    if colors and not extras and form >= 4:
        thing = article(" ".join(word for word in (subject.size, adjective, subject.kind) if word))
        return f"{thing} {'that is' if form < 6 else 'in'} {_list(colors)}"
    words = " ".join(word for word in (subject.size, _list(colors), adjective, subject.kind) if word)
    if form in (2, 3):
        return f"{'the ' if form == 3 else ''}{words}{tail}"
    return f"{article(words)}{tail}"


FORMS = 8
FORM_SHARES = (34, 34, 6, 6, 5, 5, 5, 5)


def compose(subject: Subject, look: Look, rng: random.Random) -> str:
    """One caption: perhaps a prefix, the description, most often view words of some fineness, most often the style."""
    text = noun_phrase(subject, rng.choices(range(FORMS), FORM_SHARES)[0])
    if rng.random() < 0.15:
        text = f"{rng.choice(PREFIXES)} {text}"
    if rng.random() < 0.1:
        look = look._replace(light=None)
    view = rng.random()
    if view < 0.85:
        text += f", {exact_view(look)}"
    elif view < 0.93:
        text += f", {fine_view(look.azimuth, look.elevation)}"
    elif view < 0.97:
        text += f", {coarse_view(look.azimuth, look.elevation)}"
    return f"{text}, {look.style}" if rng.random() < 0.8 else text
