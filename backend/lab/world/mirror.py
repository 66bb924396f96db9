"""Mirrored pictures: most kinds have a plane of symmetry, so that each of their pictures also shows a second view."""

from __future__ import annotations

import math
from functools import cache

import torch

from .captions import Caption
from .kinds import KINDS
from .materials import MATERIALS
from .scene import middle_sizes

_PROBES, _TOLERANCE = 4096, 1e-3  # points; world units
# Planes through the z axis: mirroring across "x" turns an azimuth a into -a, across "y" into 180 degrees - a.
_PLANES = {"x": (torch.tensor([-1.0, 1.0, 1.0]), 0.0), "y": (torch.tensor([1.0, -1.0, 1.0]), math.pi)}
# Patterns are fixed in the object's frame, and these are not symmetric. Stripes are horizontal.
_ASYMMETRIC = tuple(
    w for name in ("checked", "spotted", "wooden") for m in [MATERIALS[name]] for w in (m.adjective, m.noun) if w
)


@cache
def planes_of(kind: str) -> tuple[str, ...]:
    """Returns those of "x" and "y" across which every part of the kind is symmetric."""
    points = 1.2 * torch.rand(_PROBES, 3, generator=torch.Generator().manual_seed(0)) - 0.6
    sizes = {name: value.expand(_PROBES) for name, value in middle_sizes(KINDS[kind]).items()}
    distances = KINDS[kind].distances(points, sizes)
    return tuple(
        plane
        for plane, (flip, _) in _PLANES.items()
        if (KINDS[kind].distances(points * flip, sizes) - distances).abs().max() < _TOLERANCE
    )


def mirrored(caption: Caption, plane: str) -> Caption | None:
    """Returns the caption of the horizontally flipped picture, for a kind that is symmetric across the plane.

    None if the caption has no view conditions (its text may have view words), or the pattern is not symmetric. Across "y",
    azimuth 45 and a light at 20 degrees to the right become azimuth 135 and a light at -20 degrees.
    """
    view = caption.view
    if view is None or any(word in caption.text for word in _ASYMMETRIC):
        return None
    light = None if view.light is None else (-view.light[0], view.light[1])
    return Caption(caption.text, view._replace(azimuth=_PLANES[plane][1] - view.azimuth, light=light).rounded())
