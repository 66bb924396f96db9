"""What is written under a training picture."""

from __future__ import annotations

import random
from dataclasses import dataclass

from ..guidance.views import coarse_view, degrees_view, fine_view
from .materials import MATERIALS
from .vocabulary import PREFIXES

_UNCOUNTED = ("lettuce", "icing", "dough")


@dataclass(frozen=True)
class Look:
    """What a caption can say of an object. Colours that are None are not named; `second` is the pattern's colour."""

    kind: str
    colour: str | None = None
    size: str | None = None  # "tall"
    material: str = "plain"
    second: str | None = None
    accent: tuple[str, str] | None = None  # ("white", "stem")


def article(words: str) -> str:
    return f"an {words}" if words[0] in "aeiou" else f"a {words}"


def _list(words: list[str]) -> str:
    return " and ".join(words)


def describe(look: Look, form: int = 0) -> str:
    """One noun phrase; `form` chooses among `FORMS` ways to say the same.

    `describe(Look("mushroom", "red", accent=("white", "stem")))` -> "a red mushroom with a white stem".
    """
    material = MATERIALS[look.material]
    with_pattern = look.second is not None and form % 2 == 1 and material.noun
    extras = [f"{look.second} {material.noun}"] if with_pattern else []
    if look.accent:
        colour, part = look.accent
        extras.append(f"{colour} {part}" if part.endswith("s") or part in _UNCOUNTED else article(f"{colour} {part}"))
    adjective = None if look.material == "plain" or with_pattern else material.adjective
    colours = [c for c in (look.colour, None if with_pattern else look.second) if c]
    tail = f" with {_list(extras)}" if extras else ""
    if colours and not extras and form >= 4:
        thing = article(" ".join(word for word in (look.size, adjective, look.kind) if word))
        return f"{thing} {'that is' if form < 6 else 'in'} {_list(colours)}"
    words = " ".join(word for word in (look.size, _list(colours), adjective, look.kind) if word)
    if form in (2, 3):
        return f"{'the ' if form == 3 else ''}{words}{tail}"
    return f"{article(words)}{tail}"


FORMS = 8
FORM_SHARES = (34, 34, 6, 6, 5, 5, 5, 5)


def compose(look: Look, azimuth: float, elevation: float, style: str, rng: random.Random) -> str:
    """One caption: perhaps a prefix, the description, most often view words of some fineness, most often the style."""
    text = describe(look, rng.choices(range(FORMS), FORM_SHARES)[0])
    if rng.random() < 0.15:
        text = f"{rng.choice(PREFIXES)} {text}"
    view = rng.random()
    if view < 0.85:
        text += f", {degrees_view(azimuth, elevation)}"
    elif view < 0.93:
        text += f", {fine_view(azimuth, elevation)}"
    elif view < 0.97:
        text += f", {coarse_view(azimuth, elevation)}"
    return f"{text}, {style}" if rng.random() < 0.8 else text
