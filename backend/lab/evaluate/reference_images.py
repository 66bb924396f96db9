"""Renders the procedural world for the prompts of `specs`. The judge's accuracy on these pictures is an upper bound."""

from __future__ import annotations

import torch
from torch import Tensor

from ...guidance.view_conditions import TEXTURELESS, UNLIT, ViewConditions, describe_views
from ...maths.cameras import Cameras, framing_focal, orbit
from ...maths.color import srgb_decode
from ..world.kinds import KINDS
from ..world.pictures import draw_backgrounds, draw_lights
from ..world.scene import RADIUS, Objects, draw_sizes, paint, place
from ..world.tracer import Shading, render
from .specs import Spec

FILL = 0.88  # share of the width that the object's sphere spans: the middle of the range in training pictures


def looks_of(specs: list[Spec]) -> list[ViewConditions]:
    """Returns the view conditions of each picture, as in a job."""
    cameras, light = _views(specs)
    return describe_views(cameras, RADIUS, light, [spec.style for spec in specs])


def _views(specs: list[Spec]) -> tuple[Cameras, Tensor]:
    """Returns cameras [B] and light positions [B, 3], which depend on each spec alone."""

    def cameras_of(some: list[Spec]) -> Cameras:
        azimuth, elevation = torch.tensor([spec.angles for spec in some]).T
        distance = torch.full((len(some),), 2.0)
        return orbit(azimuth, elevation, distance, framing_focal(distance, RADIUS, FILL))

    lights = [draw_lights(cameras_of([spec]), torch.Generator().manual_seed(spec.seed)) for spec in specs]
    return cameras_of(specs), torch.cat(lights)


def render_references(specs: list[Spec], size_px: int = 64) -> Tensor:
    """Renders the kind, colors, views and styles of the specs, which must have the same kind: sRGB [B, H, W, 3]."""
    (name,) = {spec.kind for spec in specs}
    kind, count = KINDS[name], len(specs)
    generator = torch.Generator().manual_seed(specs[0].seed)
    sizes = draw_sizes(kind, count, generator)
    center, scale = place(kind, sizes)
    words = [kind.colors(spec.color) for spec in specs]
    cameras, light = _views(specs)
    shading = Shading(
        light,
        torch.tensor([1.0 if spec.style == UNLIT else 0.1 for spec in specs]),
        torch.tensor([spec.style != TEXTURELESS for spec in specs]),
    )
    objects = Objects(kind, sizes, center, scale, srgb_decode(paint(words, generator)))
    return render(objects, cameras, shading, draw_backgrounds(count, size_px, generator), size_px)
