"""Figures and toys."""

from __future__ import annotations

from types import SimpleNamespace

from torch import Tensor

from .. import sdf
from .base import Kind, Part


def snowman(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    middle, head = 0.28 + 0.6 * s.body, 0.28 + 1.35 * s.body + 0.55 * s.head
    balls = sdf.union(
        sdf.sphere(p, 0.28),
        sdf.sphere(sdf.moved(p, z=middle), s.body),
        sdf.sphere(sdf.moved(p, z=head), s.head),
    )
    # A cone along z, tipped so that it points to the front.
    nose = sdf.cone(sdf.turned(sdf.moved(p, y=-s.head - 0.07, z=head), 1.5708, "x"), 0.045, 0.01, 0.09)
    eyes = sdf.sphere(sdf.moved(sdf.mirrored(p, "x"), 0.06, -0.9 * s.head, head + 0.06), 0.03)
    brim = sdf.cylinder(sdf.moved(p, z=head + 0.8 * s.head), s.head * 1.15, 0.02)
    hat = sdf.cylinder(sdf.moved(p, z=head + 0.8 * s.head + 0.1), s.head * 0.75, 0.11)
    return balls, sdf.union(brim, hat), nose, eyes


def duck(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    """Looks to the front (-y)."""
    body = sdf.ellipsoid(sdf.moved(p, z=-0.12), s.w, s.l, s.h)
    tail = sdf.ellipsoid(sdf.turned(sdf.moved(p, y=s.l * 0.85, z=0.02), 0.7, "x"), 0.1, 0.15, 0.06)
    head = sdf.sphere(sdf.moved(p, y=-0.2, z=s.h + 0.08), s.head)
    neck = sdf.capsule(p, (0.0, -0.17, 0.0), (0.0, -0.2, s.h + 0.05), 0.11)
    body = sdf.smooth_union(sdf.smooth_union(body, tail, 0.08), sdf.smooth_union(head, neck, 0.06), 0.1)
    beak = sdf.ellipsoid(sdf.moved(p, y=-0.2 - s.head - 0.04, z=s.h + 0.05), 0.08, 0.1, 0.04)
    eyes = sdf.sphere(sdf.moved(sdf.mirrored(p, "x"), 0.09, -0.2 - 0.75 * s.head, s.h + 0.14), 0.032)
    return body, beak, eyes


KINDS = (
    Kind(
        "snowman",
        {"body": (0.19, 0.23), "head": (0.14, 0.17)},
        (
            Part("snow", "main", ("white",)),
            Part("hat", "accent", ("black", "brown", "red")),
            Part("nose", "fixed", ("orange",)),
            Part("eyes", "fixed", ("black",)),
        ),
        snowman,
    ),
    Kind(
        "duck",
        {"w": (0.23, 0.28), "l": (0.34, 0.4), "h": (0.2, 0.25), "head": (0.16, 0.19)},
        (
            Part("body", "main", ("yellow", "white")),
            Part("beak", "accent", ("orange",)),
            Part("eyes", "fixed", ("black",)),
        ),
        duck,
    ),
)
