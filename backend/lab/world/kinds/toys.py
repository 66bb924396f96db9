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
    # A cone along z, rotated to point to the front.
    nose = sdf.cone(sdf.turned(sdf.moved(p, y=-s.head - 0.07, z=head), 1.5708, "x"), 0.045, 0.01, 0.09)
    eyes = sdf.sphere(sdf.moved(sdf.mirrored(p, "x"), 0.06, -0.9 * s.head, head + 0.06), 0.03)
    brim = sdf.cylinder(sdf.moved(p, z=head + 0.8 * s.head), s.head * 1.15, 0.02)
    hat = sdf.cylinder(sdf.moved(p, z=head + 0.8 * s.head + 0.1), s.head * 0.75, 0.11)
    return balls, sdf.union(brim, hat), nose, eyes


def robot(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    q = sdf.mirrored(p, "x")
    top = 0.16 + 2 * s.head
    body = sdf.box(sdf.moved(p, z=-0.1), s.w, 0.16, 0.2, 0.03)
    head = sdf.box(sdf.moved(p, z=top - s.head), s.head * 1.2, 0.15, s.head, 0.03)
    feet = sdf.box(sdf.moved(q, 0.55 * s.w, -0.04, -0.52), 0.1, 0.15, 0.05, 0.02)
    shoulders = sdf.sphere(sdf.moved(q, s.w + 0.04, 0.0, 0.02), 0.085)
    arms = sdf.box(sdf.moved(q, s.w + 0.09, 0.0, -0.02 - s.arm), 0.06, 0.075, s.arm, 0.02)
    hands = sdf.sphere(sdf.moved(q, s.w + 0.09, -0.02, -0.04 - 2 * s.arm), 0.09)
    legs = sdf.box(sdf.moved(q, 0.55 * s.w, 0.0, -0.4), 0.075, 0.08, 0.14, 0.01)
    neck = sdf.cylinder(sdf.moved(p, z=0.13), 0.09, 0.06)
    aerial = sdf.cylinder(sdf.moved(p, z=top + 0.04), 0.03, 0.08)
    bulb = sdf.sphere(sdf.moved(p, z=top + 0.13), 0.065)
    eyes = sdf.sphere(sdf.moved(q, 0.55 * s.head, -0.14, top - 0.75 * s.head), 0.06)
    mouth = sdf.box(sdf.moved(p, y=-0.15, z=top - 1.5 * s.head), 0.6 * s.head, 0.02, 0.025)
    panel = sdf.box(sdf.moved(p, y=-0.15, z=-0.08), 0.6 * s.w, 0.025, 0.09, 0.01)
    return (
        sdf.union(body, head, feet),
        sdf.union(shoulders, arms, hands),
        sdf.union(legs, neck, aerial, mouth, panel),
        sdf.union(eyes, bulb),
    )


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
        "robot",
        {"w": (0.19, 0.24), "head": (0.13, 0.16), "arm": (0.11, 0.15)},
        (
            Part("body", "main", ("gray", "white", "teal", "blue", "red")),
            Part("arms", "accent", ("gray", "orange", "navy", "white")),
            Part("joints", "fixed", ("black",)),
            Part("eyes", "fixed", ("yellow", "lime", "red")),
        ),
        robot,
    ),
)
