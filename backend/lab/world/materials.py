"""Materials that are visible at 64 pixels: patterns of the main color, as functions of a point's position.

Patterns are fixed in the object's frame, without a random phase: all views of an object agree, and distillation recovers what
many training objects have in common.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

# points [M, 3], normals [M, 3], first and second color [M, 3] (linear light) -> albedo [M, 3]
Paint = Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]

_STRIPE = 0.26  # period in world units; the object's sphere has radius 0.55
_CHECK = 0.19  # side of a square
_SPOT = 0.36  # distance between spots


@dataclass(frozen=True)
class Material:
    """adjective: "a striped mug". noun, for patterns with a second color: "with white stripes"."""

    adjective: str
    noun: str | None
    paint: Paint
    share: float  # of the training pictures


def _plain(points: Tensor, normals: Tensor, first: Tensor, second: Tensor) -> Tensor:
    return first


def _mix(mask: Tensor, first: Tensor, second: Tensor) -> Tensor:
    return torch.where(mask[:, None], second, first)


def _stripes(points: Tensor, normals: Tensor, first: Tensor, second: Tensor) -> Tensor:
    return _mix((points[:, 2] / _STRIPE + 0.25) % 1.0 > 0.5, first, second)


def _checks(points: Tensor, normals: Tensor, first: Tensor, second: Tensor) -> Tensor:
    # The offset avoids flicker on faces at the boundary of two squares.
    return _mix(torch.floor((points + 0.037) / _CHECK).sum(-1) % 2 == 0, first, second)


def _spots(points: Tensor, normals: Tensor, first: Tensor, second: Tensor) -> Tensor:
    """Balls on a body-centered lattice: every surface intersects some of them."""
    cell = points / _SPOT
    corner = (cell - cell.round()).norm(dim=-1)
    center = (cell - 0.5 - (cell - 0.5).round()).norm(dim=-1)
    return _mix(torch.minimum(corner, center) < 0.3, first, second)


def _wood(points: Tensor, normals: Tensor, first: Tensor, second: Tensor) -> Tensor:
    x, y, z = points.unbind(-1)
    grain = torch.sin(30 * (x + y + 0.07 * torch.sin(7 * z + 4 * x) + 0.1 * z))
    return first * (0.72 + 0.28 * grain)[:, None]


def _metal(points: Tensor, normals: Tensor, first: Tensor, second: Tensor) -> Tensor:
    """Bright and dark bands, like reflections in polished metal. They depend on the normal only."""
    height = normals[:, 2]
    sky = (0.5 + 0.5 * torch.sin(5.5 * height + 0.6)).pow(1.5)
    return torch.lerp(0.35 * first, 0.45 * first + 0.5, sky[:, None])


MATERIALS: dict[str, Material] = {
    "plain": Material("plain", None, _plain, 0.70),
    "striped": Material("striped", "stripes", _stripes, 0.07),
    "checked": Material("checked", "checks", _checks, 0.05),
    "spotted": Material("spotted", "spots", _spots, 0.07),
    "wooden": Material("wooden", None, _wood, 0.06),
    "metal": Material("metal", None, _metal, 0.05),
}
NAMES = tuple(MATERIALS)
# Colors of a material if the caption names none.
NATURAL: dict[str, tuple[str, ...]] = {"wooden": ("brown",), "metal": ("gray",)}


def color_surface(which: Tensor, points: Tensor, normals: Tensor, first: Tensor, second: Tensor) -> Tensor:
    """which [M]: indices into `NAMES` -> albedo [M, 3], linear light."""
    albedo = first.clone()
    for number, material in enumerate(MATERIALS.values()):
        rows = torch.nonzero(which == number)[:, 0]
        if number and len(rows):
            albedo[rows] = material.paint(points[rows], normals[rows], first[rows], second[rows])
    return albedo
