"""Captioned training pictures: random objects, cameras, lights and backgrounds."""

from __future__ import annotations

import random

import torch
from torch import Tensor

from ...guidance.view_conditions import FILL_RANGE, SHADED, TEXTURELESS, UNLIT, describe_views
from ...maths.cameras import Cameras, framing_focal, orbit
from ...maths.color import srgb_decode
from ...maths.records import on_device
from . import materials
from .captions import Caption, Subject, compose
from .kinds import Kind
from .scene import RADIUS, Objects, contrast, draw_sizes, paint, place
from .tracer import Shading, render_layer
from .vocabulary import COLORS, NEVER_SIZED, SIZES, USUAL_FORM, held_out_colors

_COLOR_WORDS = tuple(COLORS)
GRAY = 2.0  # how often an object is gray, relative to other colors: a tint that is invisible on them is another color on gray
NAMED_ACCENT = 0.3  # share of captions that name the accent color, for kinds with one
SIZED = 0.2  # share of captions with a size word
NATURAL = 0.12  # share of captions without colors
QUIET, QUIET_GRAYS, QUIET_TINT = 0.6, (0.35, 0.7), 0.04  # share of the backgrounds, sRGB
SHIFT = 0.12  # of a gradient, sRGB
MIDDLING = 3  # uniform draws per proportion: their mean makes extremes rare, which a caption does not determine
STYLE_SHARES = ((UNLIT, 0.35), (SHADED, 0.40), (TEXTURELESS, 0.25))


def draw_cameras(count: int, generator: torch.Generator) -> Cameras:
    """Draws cameras as in the paper (elevation -10 to 90 degrees, partly by angle, partly by area), framed to fill the picture."""

    def uniform(low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(count, generator=generator)

    low, high = torch.deg2rad(torch.tensor([-10.0, 90.0]))
    by_angle = uniform(float(low), float(high))
    by_area = torch.asin(uniform(float(low.sin()), float(high.sin())))
    elevation = torch.where(torch.rand(count, generator=generator) < 0.6, by_angle, by_area)
    distance = uniform(1.5, 2.5)
    return orbit(uniform(0, 2 * torch.pi), elevation, distance, framing_focal(distance, RADIUS, uniform(*FILL_RANGE)))


def draw_lights(cameras: Cameras, generator: torch.Generator) -> Tensor:
    """Draws point lights [B, 3] around the camera's direction (as in the paper: normally distributed, at distance 0.8 to 1.5)."""
    direction = cameras.position + torch.randn(len(cameras), 3, generator=generator)
    reach = 0.8 + 0.7 * torch.rand(len(cameras), 1, generator=generator)
    return torch.nn.functional.normalize(direction, dim=-1) * reach


def draw_backgrounds(count: int, size_px: int, generator: torch.Generator) -> Tensor:
    """Draws plain colors, a third of them with a soft vertical gradient; linear light [B, H, W, 3].

    Most are close to gray, so that the uncertainty of a noisy picture is mostly about the object and not the background.
    """
    top = torch.rand(count, 1, 1, 3, generator=generator)
    low, high = QUIET_GRAYS
    gray = low + (high - low) * torch.rand(count, 1, 1, 1, generator=generator)
    gray = gray + QUIET_TINT * torch.randn(count, 1, 1, 3, generator=generator)
    top = torch.where(torch.rand(count, 1, 1, 1, generator=generator) < QUIET, gray, top)
    shift = SHIFT * torch.randn(count, 1, 1, 3, generator=generator)
    shift = torch.where(torch.rand(count, 1, 1, 1, generator=generator) < 0.33, shift, 0.0)
    down = torch.linspace(0, 1, size_px)[None, :, None, None]
    return srgb_decode((top + shift * down).clamp(0, 1)).expand(count, size_px, size_px, 3)


def _draw_subject(kind: Kind, rng: random.Random) -> tuple[Subject, list[str], str]:
    """Draws an object's properties for the caption, the color words of its parts, and the one of its pattern."""
    natural = rng.random() < NATURAL
    material = rng.choices(materials.NAMES, [m.share for m in materials.MATERIALS.values()])[0]
    size = rng.choice(tuple(SIZES)) if rng.random() < SIZED and kind.name not in NEVER_SIZED else None
    allowed = [word for word in COLORS if word not in held_out_colors(kind.name)]
    shares = [GRAY if word == "gray" else 1.0 for word in allowed]
    colored = rng.choices(allowed, shares)[0]
    main = rng.choice(materials.NATURAL.get(material, kind.main.natural)) if natural else colored
    accent = kind.accent
    named = accent is not None and not natural and rng.random() < NAMED_ACCENT
    other = rng.choice(_COLOR_WORDS) if named else None
    patterned = materials.MATERIALS[material].noun is not None
    second = rng.choice([c for c in _COLOR_WORDS if c != main]) if patterned and rng.random() < 0.5 else None
    subject = Subject(
        kind.name,
        None if natural else main,
        size,
        material,
        second if not natural else None,
        (other, accent.name) if other and accent else None,
    )
    return subject, kind.colors(main, other), subject.second or contrast(main)


def make_batch(
    kind: Kind, count: int, seed: int, size_px: int = 64, device: str | torch.device = "cpu"
) -> tuple[Tensor, list[Caption]]:
    """Renders `count` different objects of one kind without backgrounds.

    Args:
        device: of the rays and the result; random numbers do not depend on it.

    Returns:
        Linear light [B, H, W, 4] as of `tracer.render_layer`, and captions.
    """
    generator, rng = torch.Generator().manual_seed(seed), random.Random(seed)
    drawn = [_draw_subject(kind, rng) for _ in range(count)]
    forms = [SIZES[subject.size] if subject.size else USUAL_FORM for subject, _, _ in drawn]
    sizes = draw_sizes(kind, count, generator, MIDDLING) | {"stretch": torch.tensor([form.stretch for form in forms])}
    center, scale = place(kind, sizes)
    # Without random variation: the sketch memorized the deviations of single pictures and applied them to all objects from
    # the same view (gray sofas became blue).
    albedo = srgb_decode(paint([[*words, second] for _, words, second in drawn]))
    cameras = draw_cameras(count, generator)
    styles = rng.choices([s for s, _ in STYLE_SHARES], [share for _, share in STYLE_SHARES], k=count)
    ambient = torch.tensor([1.0 if style == UNLIT else 0.1 for style in styles])
    light = draw_lights(cameras, generator)
    objects = Objects(
        kind,
        sizes,
        center,
        scale / torch.tensor([form.radius for form in forms]),
        albedo[:, :-1],
        torch.tensor([materials.NAMES.index(subject.material) for subject, _, _ in drawn]),
        albedo[:, -1],
    )
    shading = Shading(light, ambient, torch.tensor([style != TEXTURELESS for style in styles]))
    layers = render_layer(on_device(objects, device), on_device(cameras, device), on_device(shading, device), size_px)
    views = describe_views(cameras, RADIUS, light, styles)
    captions = [compose(subject, view, rng) for (subject, _, _), view in zip(drawn, views, strict=True)]
    return layers, captions
