"""What the built-in prior is asked to draw when its samples are counted."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

from ...guidance import view_conditions
from ...guidance.view_conditions import SHADED, UNLIT
from ..world.captions import article
from ..world.vocabulary import COLORS, held_out_colors

SEEN, HELD_OUT, PHRASED, TEXTURELESS = "seen pairs", "held-out pairs", "held-out phrasings", "clay"
SETS = (SEEN, HELD_OUT, PHRASED, TEXTURELESS)
# Eight directions; heights as people look at things, and from where the view words change.
AZIMUTHS_DEG = tuple(range(0, 360, 45))
ELEVATIONS_DEG = (0, 15, 30, 45, 75)
# None of these comes out of `prior_lab.captions`: other orders, other words between the two that matter.
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
    """One picture to be drawn. Angles in degrees; `seed` is its own."""

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
        return math.radians(self.azimuth_deg), math.radians(self.elevation_deg)


def specs_of(kind: str, number: int, counts: dict[str, int], colors: list[str], seed: int) -> list[Spec]:
    """The pictures of one kind (the `number`th), as many of each set as `counts` says.

    Directions are walked through in turn, so that each is asked for equally often over the kinds; the rest is drawn from
    the seed. Colors are all the prior's, but for the held-out pairs.
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
    """Those of a prior's colors that the code has as well."""
    return [color for color in colors if color in COLORS]
