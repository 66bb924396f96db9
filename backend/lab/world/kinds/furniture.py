"""Furniture. Legs are slightly more than two pixels thick in the training pictures."""

from __future__ import annotations

from types import SimpleNamespace

from torch import Tensor

from .. import sdf
from .base import Kind, Part

WOOD = ("brown", "beige", "white", "black", "red")


def _legs(p: Tensor, x: Tensor, y: Tensor, top: Tensor | float, half: Tensor, thick: Tensor) -> Tensor:
    """Four square legs at (+-x, +-y) from `top` downwards, each 2 * half long."""
    return sdf.box(sdf.moved(sdf.mirrored(p, "xy"), x, y, top - half), thick, thick, half, 0.01)


def chair(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    seat = sdf.box(p, s.w, s.d, s.seat, 0.015)
    legs = _legs(p, s.w - s.leg, s.d - s.leg, 0.0, s.h, s.leg)
    back = sdf.box(sdf.moved(p, y=s.d - s.panel, z=s.back), s.w, s.panel, s.back, 0.015)
    return sdf.union(legs, back), seat


def table(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    top = sdf.box(p, s.w, s.d, s.top, 0.015)
    return top, _legs(p, s.w - 1.5 * s.leg, s.d - 1.5 * s.leg, 0.0, s.h, s.leg)


def stool(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    seat = sdf.cylinder(p, s.r, s.seat, 0.015)
    q = sdf.mirrored(p, "xy")
    legs = sdf.capsule(q, (0.55 * s.r, 0.55 * s.r, 0.0), (0.75 * s.r, 0.75 * s.r, -2 * s.h), s.leg)
    return legs, seat


def lamp(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    shade = sdf.cone(sdf.moved(p, z=0.3), s.wide, s.narrow, s.shade, 0.01)
    hollow = sdf.cone(sdf.moved(p, z=0.28), s.wide - 0.05, s.narrow - 0.05, s.shade + 0.02)
    pole = sdf.cylinder(sdf.moved(p, z=-0.1), s.pole, 0.42)
    foot = sdf.cylinder(sdf.moved(p, z=-0.5), s.foot, 0.035, 0.015)
    return sdf.union(sdf.without(shade, hollow), sdf.cylinder(sdf.moved(p, z=0.3), s.narrow, 0.03)), sdf.union(
        pole, foot
    )


def sofa(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    base = sdf.box(sdf.moved(p, z=-0.2), s.w, s.d, 0.12, 0.03)
    back = sdf.box(sdf.moved(p, y=s.d - 0.1, z=-0.32 + s.back), s.w, 0.1, s.back, 0.06)
    q = sdf.mirrored(p, "x")
    arms = sdf.box(sdf.moved(q, s.w - s.arm, 0.0, -0.08), s.arm, s.d, 0.24, 0.06)
    room = (s.w - 2 * s.arm) / 2
    seats = sdf.box(sdf.moved(q, room, -0.11, -0.02), room - 0.008, s.d - 0.1, s.pad, 0.035)
    feet = sdf.box(sdf.moved(sdf.mirrored(p, "xy"), s.w - 0.09, s.d - 0.09, -0.36), 0.04, 0.04, 0.06)
    return sdf.union(base, back, arms), seats, feet


def bed(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    """The head is at the back (+y)."""
    blanket = sdf.box(sdf.moved(p, y=-0.16, z=0.03), s.w + 0.015, s.l - 0.15, 0.11, 0.04)
    pillow = sdf.box(sdf.moved(p, y=s.l - 0.17, z=0.14), 0.72 * s.w, 0.13, s.pillow, 0.05)
    mattress = sdf.box(p, s.w, s.l, 0.11, 0.03)
    rail = sdf.box(sdf.moved(p, z=-0.12), s.w + 0.02, s.l + 0.02, 0.05, 0.01)
    head = sdf.box(sdf.moved(p, y=s.l + 0.05, z=-0.28 + s.head), s.w + 0.05, 0.035, s.head, 0.02)
    foot = sdf.box(sdf.moved(p, y=-s.l - 0.05, z=-0.13), s.w + 0.05, 0.035, 0.15, 0.02)
    return blanket, pillow, mattress, sdf.union(rail, head, foot)


KINDS = (
    Kind(
        "chair",
        {
            "w": (0.25, 0.31),
            "d": (0.25, 0.3),
            "seat": (0.045, 0.065),
            "leg": (0.045, 0.06),
            "h": (0.19, 0.24),
            "panel": (0.04, 0.055),
            "back": (0.23, 0.31),
        },
        (Part("frame", "main", WOOD), Part("seat", "accent", ())),
        chair,
    ),
    Kind(
        "table",
        {"w": (0.44, 0.56), "d": (0.3, 0.4), "top": (0.045, 0.065), "leg": (0.05, 0.065), "h": (0.2, 0.28)},
        (Part("top", "main", WOOD), Part("legs", "accent", ())),
        table,
    ),
    Kind(
        "stool",
        {"r": (0.3, 0.36), "seat": (0.04, 0.06), "leg": (0.04, 0.055), "h": (0.26, 0.34)},
        (Part("legs", "main", WOOD), Part("seat", "accent", ())),
        stool,
    ),
    Kind(
        "lamp",
        {
            "wide": (0.3, 0.38),
            "narrow": (0.16, 0.22),
            "shade": (0.18, 0.23),
            "pole": (0.035, 0.05),
            "foot": (0.18, 0.26),
        },
        (
            Part("shade", "main", ("yellow", "white", "beige", "red")),
            Part("base", "accent", ("brown", "black", "gray", "gold")),
        ),
        lamp,
    ),
    Kind(
        "sofa",
        {"w": (0.5, 0.6), "d": (0.26, 0.31), "back": (0.31, 0.37), "arm": (0.075, 0.1), "pad": (0.07, 0.09)},
        (
            Part("frame", "main", ("red", "gray", "blue", "brown", "beige", "green")),
            Part("cushions", "accent", ()),
            Part("feet", "fixed", ("brown", "black")),
        ),
        sofa,
    ),
    Kind(
        "bed",
        {"w": (0.3, 0.38), "l": (0.46, 0.54), "pillow": (0.06, 0.08), "head": (0.26, 0.32)},
        (
            Part("blanket", "main", ("blue", "red", "green", "purple", "pink")),
            Part("pillow", "accent", ("white", "yellow")),
            Part("mattress", "fixed", ("white",)),
            Part("frame", "fixed", ("brown",)),
        ),
        bed,
    ),
)
