"""Captioned training pictures: random objects, cameras, lights and backgrounds."""

from __future__ import annotations

import random

import torch
from torch import Tensor

from ..maths.cameras import Cameras, framing_focal, orbit
from ..maths.colour import srgb_decode
from .captions import compose, describe
from .kinds import KINDS, Kind
from .scene import RADIUS, Objects, draw_sizes, paint, place
from .tracer import render
from .vocabulary import CLAY, COLOURS, SHADED, UNLIT

_COLOUR_WORDS = tuple(COLOURS)
NAMED_ACCENT = 0.3  # share of captions that name the second colour, of kinds that have one
NATURAL = 0.12  # share of captions that name no colour at all
STYLE_SHARES = ((UNLIT, 0.35), (SHADED, 0.40), (CLAY, 0.25))


def draw_cameras(count: int, generator: torch.Generator) -> Cameras:
    """As in the paper (elevation -10..90, half by angle, half by area), framed so that the object fills the picture."""

    def uniform(low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(count, generator=generator)

    low, high = torch.deg2rad(torch.tensor([-10.0, 90.0]))
    by_angle = uniform(float(low), float(high))
    by_area = torch.asin(uniform(float(low.sin()), float(high.sin())))
    elevation = torch.where(torch.rand(count, generator=generator) < 0.6, by_angle, by_area)
    distance = uniform(1.5, 2.5)
    return orbit(uniform(0, 2 * torch.pi), elevation, distance, framing_focal(distance, RADIUS, uniform(0.75, 1.0)))


def draw_lights(cameras: Cameras, generator: torch.Generator) -> Tensor:
    """Point lights [B, 3] around the camera's own direction (the paper: normal around it, 0.8 to 1.5 away)."""
    direction = cameras.position + torch.randn(len(cameras), 3, generator=generator)
    reach = 0.8 + 0.7 * torch.rand(len(cameras), 1, generator=generator)
    return torch.nn.functional.normalize(direction, dim=-1) * reach


def draw_backgrounds(count: int, size_px: int, generator: torch.Generator) -> Tensor:
    """Plain colours, a third of them with a soft gradient from top to bottom; linear light [B, H, W, 3]."""
    top = torch.rand(count, 1, 1, 3, generator=generator)
    gray = torch.rand(count, 1, 1, 1, generator=generator)
    top = torch.where(torch.rand(count, 1, 1, 1, generator=generator) < 0.3, gray, top)
    shift = 0.25 * torch.randn(count, 1, 1, 3, generator=generator)
    shift = torch.where(torch.rand(count, 1, 1, 1, generator=generator) < 0.33, shift, 0.0)
    down = torch.linspace(0, 1, size_px)[None, :, None, None]
    return srgb_decode((top + shift * down).clamp(0, 1)).expand(count, size_px, size_px, 3)


def _choose_colours(kind: Kind, rng: random.Random) -> tuple[list[str], str]:
    """Colour words of the parts, and the description that names what is worth naming."""
    natural = rng.random() < NATURAL
    accent = kind.accent
    main = rng.choice(next(p for p in kind.parts if p.role == "main").natural if natural else _COLOUR_WORDS)
    named = accent is not None and not natural and rng.random() < NAMED_ACCENT
    second = rng.choice(_COLOUR_WORDS) if named else None
    words = []
    for part in kind.parts:
        if part.role == "main":
            words.append(main)
        elif part.role == "accent":
            words.append(second or (rng.choice(part.natural) if part.natural else main))
        else:
            words.append(rng.choice(part.natural))
    named_accent = (second, accent.name) if named and second and accent else None
    return words, describe(kind.name, None if natural else main, named_accent)


def make_batch(kind: Kind, count: int, seed: int, size_px: int = 64) -> tuple[Tensor, list[str]]:
    """`count` pictures of different objects of one kind: uint8 sRGB [B, H, W, 3] and their captions."""
    generator, rng = torch.Generator().manual_seed(seed), random.Random(seed)
    sizes = draw_sizes(kind, count, generator)
    centre, scale = place(kind, sizes)
    chosen = [_choose_colours(kind, rng) for _ in range(count)]
    albedo = srgb_decode(paint([words for words, _ in chosen], generator))
    # Parts that wear the same word wear the same paint.
    for row, (words, _) in enumerate(chosen):
        for index, word in enumerate(words):
            albedo[row, index] = albedo[row, words.index(word)]
    cameras = draw_cameras(count, generator)
    styles = rng.choices([s for s, _ in STYLE_SHARES], [share for _, share in STYLE_SHARES], k=count)
    ambient = torch.tensor([1.0 if style == UNLIT else 0.1 for style in styles])
    pictures = render(
        Objects(kind, sizes, centre, scale, albedo),
        cameras,
        draw_lights(cameras, generator),
        ambient,
        torch.tensor([style != CLAY for style in styles]),
        draw_backgrounds(count, size_px, generator),
        size_px,
    )
    angles = zip(cameras.azimuth.tolist(), cameras.elevation.tolist(), strict=True)
    captions = [
        compose(description, azimuth, elevation, style, rng)
        for (_, description), (azimuth, elevation), style in zip(chosen, angles, styles, strict=True)
    ]
    return (pictures * 255).round().to(torch.uint8), captions


def kind_names() -> tuple[str, ...]:
    return tuple(KINDS)
