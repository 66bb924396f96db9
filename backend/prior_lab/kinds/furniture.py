"""Furniture."""

from __future__ import annotations

from types import SimpleNamespace

from torch import Tensor

from .. import sdf
from .base import Kind, Part

WOOD = ("brown", "beige", "white", "black", "red")


def _legs(p: Tensor, x: Tensor, y: Tensor, top: Tensor | float, half: Tensor, thick: Tensor) -> Tensor:
    """Four square legs at (+-x, +-y) that hang down from `top`, each 2 * half long."""
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


KINDS = (
    Kind(
        "chair",
        {
            "w": (0.25, 0.31),
            "d": (0.25, 0.3),
            "seat": (0.035, 0.055),
            "leg": (0.035, 0.05),
            "h": (0.19, 0.24),
            "panel": (0.03, 0.045),
            "back": (0.23, 0.31),
        },
        (Part("frame", "main", WOOD), Part("seat", "accent", ())),
        chair,
    ),
    Kind(
        "table",
        {"w": (0.44, 0.56), "d": (0.3, 0.4), "top": (0.035, 0.055), "leg": (0.04, 0.055), "h": (0.2, 0.28)},
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
)
