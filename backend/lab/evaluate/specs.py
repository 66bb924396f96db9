"""What the built-in prior is asked to draw when its samples are counted."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

from ...guidance.judgment import CLAY, SHADED, UNLIT
from ..world.captions import article
from ..world.vocabulary import COLOURS, held_out_colours

SEEN, HELD_OUT, PHRASED, TEXTURELESS = "seen pairs", "held-out pairs", "held-out phrasings", "clay"
SETS = (SEEN, HELD_OUT, PHRASED, TEXTURELESS)
# Eight directions; heights as people look at things, and from where the view words change.
AZIMUTHS_DEG = tuple(range(0, 360, 45))
ELEVATIONS_DEG = (0, 15, 30, 45, 75)
# None of these comes out of `prior_lab.captions`: other orders, other words between the two that matter.
PHRASINGS = (
    "one {colour} {kind}",
    "my {colour} {kind}, please",
    "{kind}, {colour}",
    "a {kind} painted {colour}",
    "{colour}: a {kind}",
    "the {kind} which is all {colour}",
    "some kind of {kind} made {colour}",
    "a 3d model of {a_colour} {kind}",
    "I would like {a_colour} {kind}",
    "look at this {colour} old {kind}",
)


@dataclass(frozen=True)
class Spec:
    """One picture to be drawn. Angles in degrees; `seed` is its own."""

    which: str
    kind: str
    colour: str
    prompt: str
    azimuth_deg: int
    elevation_deg: int
    style: str
    seed: int

    @property
    def angles(self) -> tuple[float, float]:
        return math.radians(self.azimuth_deg), math.radians(self.elevation_deg)


def specs_of(kind: str, number: int, counts: dict[str, int], colours: list[str], seed: int) -> list[Spec]:
    """The pictures of one kind (the `number`th), as many of each set as `counts` says.

    Directions are walked through in turn, so that each is asked for equally often over the kinds; the rest is drawn from
    the seed. Colours are all the prior's, but for the held-out pairs.
    """
    rng = random.Random(f"{seed} {kind}")
    held = [colour for colour in colours if colour in held_out_colours(kind)]
    seen = [colour for colour in colours if colour not in held]
    found = []
    for which in SETS:
        choices = rng.sample(held, len(held)) if which == HELD_OUT else rng.sample(seen, len(seen))
        for index in range(counts.get(which, 0) if choices else 0):
            colour = choices[index % len(choices)]
            prompt = article(f"{colour} {kind}")
            if which == PHRASED:
                template = PHRASINGS[(index + number) % len(PHRASINGS)]
                prompt = template.format(kind=kind, colour=colour, a_colour=article(colour))
            found.append(
                Spec(
                    which,
                    kind,
                    colour,
                    prompt,
                    AZIMUTHS_DEG[(index + 3 * number) % len(AZIMUTHS_DEG)],
                    rng.choice(ELEVATIONS_DEG),
                    CLAY if which == TEXTURELESS else (UNLIT, SHADED)[index % 2],
                    rng.randrange(1 << 31),
                )
            )
    return found


def known_colours(colours: list[str]) -> list[str]:
    """Those of a prior's colours that the code has as well."""
    return [colour for colour in colours if colour in COLOURS]
