"""True pictures of what a prior was asked for, to see how often the judge could be right at most."""

from __future__ import annotations

import torch
from torch import Tensor

from ..guidance.judgement import CLAY, UNLIT
from ..maths.cameras import framing_focal, orbit
from ..maths.colour import srgb_decode
from ..prior_lab.kinds import KINDS
from ..prior_lab.pictures import draw_backgrounds, draw_lights
from ..prior_lab.scene import RADIUS, Objects, draw_sizes, paint, place
from ..prior_lab.tracer import Shading, render
from .specs import Spec

FILL = 0.88  # share of the width that the object's sphere spans: the middle of the prior's pictures


def true_pictures(specs: list[Spec], size_px: int = 64) -> Tensor:
    """The same kind (one for all), colours, views and styles as the specs, from the procedural world: sRGB [B, H, W, 3]."""
    (name,) = {spec.kind for spec in specs}
    kind, count = KINDS[name], len(specs)
    generator = torch.Generator().manual_seed(specs[0].seed)
    sizes = draw_sizes(kind, count, generator)
    centre, scale = place(kind, sizes)
    words = [
        [part.natural[0] if part.role != "main" and part.natural else spec.colour for part in kind.parts]
        for spec in specs
    ]
    azimuth, elevation = torch.tensor([spec.angles for spec in specs]).T
    distance = torch.full((count,), 2.0)
    cameras = orbit(azimuth, elevation, distance, framing_focal(distance, RADIUS, FILL))
    shading = Shading(
        draw_lights(cameras, generator),
        torch.tensor([1.0 if spec.style == UNLIT else 0.1 for spec in specs]),
        torch.tensor([spec.style != CLAY for spec in specs]),
    )
    objects = Objects(kind, sizes, centre, scale, srgb_decode(paint(words, generator)))
    return render(objects, cameras, shading, draw_backgrounds(count, size_px, generator), size_px)
