"""Tools and treasures."""

from __future__ import annotations

from types import SimpleNamespace

import torch
from torch import Tensor

from .. import sdf
from .base import Kind, Part


def hammer(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    """A claw hammer, upright, with the face towards -x and the claw towards +x."""
    q = sdf.turned(sdf.moved(p, z=0.36), 1.5708, "y")
    face = sdf.cylinder(sdf.moved(q, z=-s.reach), s.face, 0.07, 0.02)
    neck = sdf.cylinder(sdf.moved(q, z=-0.5 * s.reach), 0.75 * s.face, 0.5 * s.reach)
    eye = sdf.box(sdf.moved(p, z=0.36), 0.12, 0.115, 0.12, 0.03)
    bend = sdf.moved(sdf.mirrored(p, "y"), 0.06, 0.065, 0.38 - s.claw)
    ring = sdf.torus(sdf.turned(bend, 1.5708, "x"), s.claw, 0.06)
    claw = torch.stack((ring, -bend[..., 0], bend[..., 0] - s.reach, -bend[..., 2])).amax(0)
    handle = sdf.capsule(p, (0.0, 0.0, -0.46), (0.0, 0.0, 0.38), 0.065)
    grip = sdf.capsule(p, (0.0, 0.0, -0.46), (0.0, 0.0, -0.2), s.grip)
    return sdf.union(face, neck, eye, claw), sdf.smooth_union(handle, grip, 0.05)


def sword(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    x, y, z = p[..., 0].abs(), p[..., 1].abs(), p[..., 2]
    # The cross-section is a rhombus with half width s.w and half thickness 0.07; the tip is blunt.
    edge = (0.07 * x + s.w * y - 0.07 * s.w) / (0.07**2 + s.w * s.w).sqrt()
    point = (0.17 * x + s.w * (z - s.l - 0.05)) / (0.17**2 + s.w * s.w).sqrt()
    blade = torch.stack((edge, point, z - s.l, -0.2 - z)).amax(0)
    guard = sdf.box(sdf.moved(p, z=-0.22), s.guard, 0.075, 0.05, 0.03)
    grip = sdf.capsule(p, (0.0, 0.0, -0.46), (0.0, 0.0, -0.2), 0.055)
    pommel = sdf.cylinder(sdf.moved(p, z=-0.5), s.pommel, 0.07, 0.03)
    return blade, sdf.union(guard, grip, pommel)


def crown(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    """Six points, one of them in front."""
    q = sdf.around(p, 6, -0.5 * torch.pi)
    # The wall widens from s.r - 0.06 at the base to s.r + 0.06 at the tips.
    wall = sdf.without(sdf.cone(p, s.r - 0.06, s.r + 0.06, 0.32), sdf.cone(p, s.r - 0.12, s.r, 0.33))
    wide = 0.55 * s.r
    teeth = (s.tall * q[..., 1].abs() + wide * (q[..., 2] - 0.3)) / (s.tall * s.tall + wide * wide).sqrt()
    rim = sdf.torus(sdf.moved(p, z=-0.28), s.r - 0.07, 0.06)
    tips = sdf.sphere(sdf.moved(q, x=s.r + 0.03, z=0.3), s.gem)
    gems = sdf.sphere(sdf.moved(q, x=s.r - 0.02, z=-0.08), s.gem)
    return sdf.union(sdf.common(wall, teeth), rim), sdf.union(tips, gems)


KINDS = (
    Kind(
        "hammer",
        {"face": (0.13, 0.16), "reach": (0.24, 0.3), "claw": (0.38, 0.46), "grip": (0.085, 0.105)},
        (
            Part("head", "main", ("gray", "black", "red")),
            Part("handle", "accent", ("brown", "beige", "red", "yellow")),
        ),
        hammer,
    ),
    Kind(
        "sword",
        {"w": (0.11, 0.14), "l": (0.48, 0.58), "guard": (0.24, 0.3), "pommel": (0.08, 0.1)},
        (Part("blade", "main", ("gray", "white")), Part("hilt", "accent", ("gold", "brown", "red", "navy"))),
        sword,
    ),
    Kind(
        "crown",
        {"r": (0.36, 0.44), "tall": (0.32, 0.42), "gem": (0.06, 0.08)},
        (Part("band", "main", ("gold", "yellow")), Part("jewels", "accent", ("red", "blue", "green", "purple"))),
        crown,
    ),
)
