"""The prompts and views of the pictures that `samples` evaluates."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

from ...guidance import view_conditions
from ...guidance.view_conditions import SHADED, UNLIT
from ..world.captions import article
from ..world.vocabulary import COLORS, held_out_colors

SEEN, HELD_OUT, PHRASED, TEXTURELESS = "seen pairs", "held-out pairs", "held-out phrasings", "textureless"
SETS = (SEEN, HELD_OUT, PHRASED, TEXTURELESS)
# Eight directions; elevations with different view words.
AZIMUTHS_DEG = tuple(range(0, 360, 45))
ELEVATIONS_DEG = (0, 15, 30, 45, 75)
# Phrasings that `world.captions` does not generate: other orders, and other words around color and kind.
PHRASINGS = (
    "one {color} {kind}",
    "my {color} {kind}, please",
    "{kind}, {color}",
    "a {kind} painted {color}",
    "{color}: a {kind}",
    "the {kind} which is all {color}",
    "some kind of {kind} made {color}",
    "a 3d model of {a_color} {kind}",
    "I would like {a_color} {kind}",
    "look at this {color} old {kind}",
)


@dataclass(frozen=True)
class Spec:
    """One picture to be sampled."""

    which: str
    kind: str
    color: str
    prompt: str
    azimuth_deg: int
    elevation_deg: int
    style: str
    seed: int

    @property
    def angles(self) -> tuple[float, float]:
        """Azimuth and elevation in radians."""
        return math.radians(self.azimuth_deg), math.radians(self.elevation_deg)


def specs_of(kind: str, number: int, counts: dict[str, int], colors: list[str], seed: int) -> list[Spec]:
    """Returns the pictures of one kind (the `number`th), `counts` of each set.

    The azimuths rotate, so that all are equally frequent over the kinds; the rest is random. Colors are drawn from
    `colors`; the held-out pairs have only colors that are held out for this kind, the other sets have none of them.
    """
    rng = random.Random(f"{seed} {kind}")
    held = [color for color in colors if color in held_out_colors(kind)]
    seen = [color for color in colors if color not in held]
    found = []
    for which in SETS:
        choices = rng.sample(held, len(held)) if which == HELD_OUT else rng.sample(seen, len(seen))
        for index in range(counts.get(which, 0) if choices else 0):
            color = choices[index % len(choices)]
            prompt = article(f"{color} {kind}")
            if which == PHRASED:
                template = PHRASINGS[(index + number) % len(PHRASINGS)]
                prompt = template.format(kind=kind, color=color, a_color=article(color))
            found.append(
                Spec(
                    which,
                    kind,
                    color,
                    prompt,
                    AZIMUTHS_DEG[(index + 3 * number) % len(AZIMUTHS_DEG)],
                    rng.choice(ELEVATIONS_DEG),
                    view_conditions.TEXTURELESS if which == TEXTURELESS else (UNLIT, SHADED)[index % 2],
                    rng.randrange(1 << 31),
                )
            )
    return found


def known_colors(colors: list[str]) -> list[str]:
    """Returns the colors of a model that the procedural world still has."""
    return [color for color in colors if color in COLORS]
