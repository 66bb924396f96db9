"""Mirrored pictures: most kinds have a plane of symmetry, so that each of their pictures shows two views, the other for nothing."""

from __future__ import annotations

import math
from functools import cache

import torch

from ...guidance.builtin.labels import split_look
from ...guidance.view_words import exact_view
from .kinds import KINDS
from .materials import MATERIALS
from .scene import middle_sizes

_PROBES, _TOLERANCE = 4096, 1e-3  # points; world units
# Through planes that hold the z axis: across "x" an azimuth a turns into -a, across "y" into 180 degrees - a.
_PLANES = {"x": (torch.tensor([-1.0, 1.0, 1.0]), 0.0), "y": (torch.tensor([1.0, -1.0, 1.0]), math.pi)}
# Patterns stand still in the object's frame, and these are other ones behind a mirror. Stripes are level.
_UNLIKE = tuple(
    w for name in ("checked", "spotted", "wooden") for m in [MATERIALS[name]] for w in (m.adjective, m.noun) if w
)


@cache
def planes_of(kind: str) -> tuple[str, ...]:
    """Those of "x" and "y" across which every part of the kind is its own mirror image."""
    points = 1.2 * torch.rand(_PROBES, 3, generator=torch.Generator().manual_seed(0)) - 0.6
    sizes = {name: value.expand(_PROBES) for name, value in middle_sizes(KINDS[kind]).items()}
    here = KINDS[kind].distances(points, sizes)
    return tuple(
        plane
        for plane, (flip, _) in _PLANES.items()
        if (KINDS[kind].distances(points * flip, sizes) - here).abs().max() < _TOLERANCE
    )


def mirrored(caption: str, plane: str) -> str | None:
    """The caption of the same picture with its left and right exchanged, of a kind with that plane; None where words tell
    the view, or the pattern is another one then.

    `mirrored("a car, azimuth 45 elevation 10 fill 80 light 20 40, shaded", "y")` ->
    "a car, azimuth 135 elevation 10 fill 80 light minus 20 40, shaded".
    """
    _, look = split_look(caption)
    if look is None or any(word in caption for word in _UNLIKE):
        return None
    light = None if look.light is None else (-look.light[0], look.light[1])
    other = look._replace(azimuth=_PLANES[plane][1] - look.azimuth, light=light)
    return caption.replace(exact_view(look), exact_view(other))
