"""Labelled pictures for the judge: the prior's world, drawn by other rules than the prior's pictures.

Other seeds, wider and drawn-out proportions, and every colour on every kind: a judge that had seen what the prior saw
could share its mistakes.
"""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass, replace
from typing import Any

import torch
from torch import Tensor

from ...maths.colour import srgb_decode
from ...prior_lab import materials
from ...prior_lab.captions import Look
from ...prior_lab.kinds import Kind
from ...prior_lab.pictures import draw_backgrounds, draw_cameras, draw_lights
from ...prior_lab.scene import Objects, draw_sizes, paint, place
from ...prior_lab.tracer import Shading, render
from ...prior_lab.vocabulary import CLAY, COLOURS, NEVER_SIZED, SHADED, SIZES, UNLIT, Form

WIDER = 1.25  # ranges of proportions, about their middle, as multiples of the prior's
DRAWN_OUT = 0.12  # the most by which any object is stretched or squeezed along each axis
STYLE_SHARES = ((UNLIT, 0.35), (SHADED, 0.45), (CLAY, 0.20))
PLAIN, NATURAL, NAMED_ACCENT, SIZED = 0.65, 0.1, 0.25, 0.12  # shares of the pictures
# Above every seed of the prior's pictures (1,000 times the shard's number, plus the kind's).
FIRST_SEED, HELD_OUT_SEED = 50_000_000, 60_000_000


@dataclass(frozen=True)
class Label:
    """What a picture shows. `colour` is the main part's, whether the look names it or not; in clay nobody sees it."""

    look: Look
    colour: str
    style: str

    @property
    def shows_colour(self) -> bool:
        return self.style != CLAY

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(raw: dict[str, Any]) -> Label:
        look = dict(raw["look"])
        look["accent"] = tuple(look["accent"]) if look.get("accent") else None
        return Label(Look(**look), raw["colour"], raw["style"])


def widened(kind: Kind, factor: float = WIDER) -> Kind:
    """The kind with every range of proportions `factor` times as wide; nothing is ever less than half its least size."""
    sizes = {}
    for name, (low, high) in kind.sizes.items():
        more = (factor - 1) * (high - low) / 2
        sizes[name] = (max(low - more, 0.5 * low), high + more)
    return replace(kind, sizes=sizes)


def draw_label(kind: Kind, rng: random.Random, colour: str | None = None) -> tuple[Label, list[str], str]:
    """A label, the colour words of the kind's parts, and the one of its pattern. Any kind comes in any colour."""
    style = rng.choices([s for s, _ in STYLE_SHARES], [share for _, share in STYLE_SHARES])[0]
    names = [name for name in materials.NAMES if name != "plain"]
    material = "plain" if rng.random() < PLAIN else rng.choice(names)
    size = rng.choice(tuple(SIZES)) if kind.name not in NEVER_SIZED and rng.random() < SIZED else None
    main = colour or rng.choice(tuple(COLOURS))
    named = rng.random() >= NATURAL
    accent = kind.accent
    other = rng.choice(tuple(COLOURS)) if accent and named and rng.random() < NAMED_ACCENT else None
    words = []
    for part in kind.parts:
        if part.role == "main":
            words.append(main)
        elif part.role == "accent" and other:
            words.append(other)
        else:
            words.append(rng.choice(part.natural) if part.natural else main)
    patterned = materials.MATERIALS[material].noun is not None
    second = rng.choice([word for word in COLOURS if word != main]) if patterned and named else None
    look = Look(
        kind.name, main if named else None, size, material, second, (other, accent.name) if other and accent else None
    )
    return Label(look, main, style), words, second or ("black" if sum(COLOURS[main]) > 2.2 else "white")


def draw_pictures(
    kind: Kind, count: int, seed: int, size_px: int = 64, wider: float = WIDER, colours: list[str] | None = None
) -> tuple[Tensor, list[Label]]:
    """`count` pictures of one kind: uint8 sRGB [B, H, W, 3] and their labels.

    Args:
        wider: see `widened`; 1 keeps the prior's own ranges.
        colours: the main colour of each picture; drawn among all when None.
    """
    generator, rng = torch.Generator().manual_seed(seed), random.Random(seed)
    drawn = [draw_label(kind, rng, colours[row] if colours else None) for row in range(count)]
    labels = [label for label, _, _ in drawn]
    forms = [SIZES[label.look.size] if label.look.size else Form((1.0, 1.0, 1.0)) for label in labels]
    amount = DRAWN_OUT if wider > 1 and kind.name not in NEVER_SIZED else 0.0
    warp = torch.exp(amount * (2 * torch.rand(count, 3, generator=generator) - 1))
    sizes = draw_sizes(widened(kind, wider), count, generator)
    sizes["stretch"] = torch.tensor([form.stretch for form in forms]) * warp
    centre, scale = place(kind, sizes)
    painted = paint([[*words, second] for _, words, second in drawn], generator)
    for row, (_, words, _) in enumerate(drawn):  # parts that wear the same word wear the same paint
        for index, word in enumerate(words):
            painted[row, index] = painted[row, words.index(word)]
    albedo = srgb_decode(painted)
    objects = Objects(
        kind,
        sizes,
        centre,
        scale / torch.tensor([form.radius for form in forms]),
        albedo[:, :-1],
        torch.tensor([materials.NAMES.index(label.look.material) for label in labels]),
        albedo[:, -1],
    )
    cameras = draw_cameras(count, generator)
    shading = Shading(
        draw_lights(cameras, generator),
        torch.tensor([1.0 if label.style == UNLIT else 0.1 for label in labels]),
        torch.tensor([label.shows_colour for label in labels]),
    )
    pictures = render(objects, cameras, shading, draw_backgrounds(count, size_px, generator), size_px)
    return (pictures * 255).round().to(torch.uint8), labels
