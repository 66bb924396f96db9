"""Contact sheets of the procedural world: every kind from several sides, at the middle of its proportions."""

from __future__ import annotations

import math
import random

import torch
from torch import Tensor

from ...maths.cameras import framing_focal, orbit
from ...maths.color import srgb_decode
from .kinds import KINDS, Kind
from .scene import RADIUS, Objects, middle_sizes, paint, place
from .tracer import Shading, render

# (azimuth, elevation) in degrees: front, front right, side, back left from above, overhead.
VIEWS = ((0, 12), (45, 25), (90, 12), (225, 35), (0, 80))
_BACKDROP = 0.55  # linear light


def natural_colors(kind: Kind, color: str | None = None, seed: int = 0) -> list[str]:
    """Returns a natural color word for each part of a kind; `color` replaces the main one."""
    return kind.colors(color or random.Random(seed).choice(kind.main.natural))


def views_of(name: str, size_px: int = 128, color: str | None = None) -> Tensor:
    """Renders shaded views of one kind side by side: sRGB [size_px, len(VIEWS) * size_px, 3]."""
    kind, count = KINDS[name], len(VIEWS)
    sizes = {key: value.expand(count) for key, value in middle_sizes(kind).items()}
    center, scale = place(kind, sizes)
    words = natural_colors(kind, color)
    albedo = srgb_decode(paint([words], torch.Generator().manual_seed(1))).expand(count, -1, -1)
    azimuth, elevation = (torch.tensor([math.radians(view[i]) for view in VIEWS]) for i in (0, 1))
    distance = torch.full((count,), 2.2)
    cameras = orbit(azimuth, elevation, distance, framing_focal(distance, RADIUS, torch.full((count,), 0.9)))
    light = cameras.position + torch.tensor([0.5, 0.0, 1.0])
    picture = render(
        Objects(kind, sizes, center, scale, albedo),
        cameras,
        Shading(light, torch.full((count,), 0.25), torch.ones(count, dtype=torch.bool)),
        torch.full((count, size_px, size_px, 3), _BACKDROP),
        size_px,
    )
    return picture.permute(1, 0, 2, 3).reshape(size_px, count * size_px, 3)


def contact_sheet(names: list[str], size_px: int = 128, columns: int = 2) -> Tensor:
    """Renders all `names` with `columns` kinds per row: uint8 sRGB [H, W, 3]."""
    rows = [views_of(name, size_px) for name in names]
    rows += [torch.full_like(rows[0], 1.0)] * (-len(rows) % columns)
    lines = [torch.cat(rows[i : i + columns], 1) for i in range(0, len(rows), columns)]
    return (torch.cat(lines, 0) * 255).round().to(torch.uint8)
