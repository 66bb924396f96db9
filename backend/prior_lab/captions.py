"""What is written under a training picture."""

from __future__ import annotations

import random

from ..guidance.views import coarse_view, degrees_view, fine_view
from .vocabulary import PREFIXES


def article(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def describe(kind: str, colour: str | None, accent: tuple[str, str] | None) -> str:
    """`describe("mushroom", "red", ("white", "stem"))` -> "a red mushroom with a white stem"."""
    text = article(f"{colour} {kind}" if colour else kind)
    return f"{text} with {accent[0]} {accent[1]}" if accent else text


def compose(description: str, azimuth: float, elevation: float, style: str, rng: random.Random) -> str:
    """One caption: perhaps a prefix, the description, most often view words of some fineness, most often the style."""
    text = f"{rng.choice(PREFIXES)} {description}" if rng.random() < 0.15 else description
    view = rng.random()
    if view < 0.65:
        text += f", {degrees_view(azimuth, elevation)}"
    elif view < 0.80:
        text += f", {fine_view(azimuth, elevation)}"
    elif view < 0.92:
        text += f", {coarse_view(azimuth, elevation)}"
    return f"{text}, {style}" if rng.random() < 0.8 else text
