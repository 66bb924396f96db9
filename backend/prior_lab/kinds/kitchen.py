"""Kitchenware: vessels with real cavities."""

from __future__ import annotations

from types import SimpleNamespace

from torch import Tensor

from .. import sdf
from .base import Kind, Part

CHINA = ("white", "red", "blue", "green", "yellow")


def mug(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    cavity = sdf.cylinder(sdf.moved(p, z=2 * s.wall), s.r - s.wall, s.h)
    body = sdf.without(sdf.cylinder(p, s.r, s.h, 0.03), cavity)
    ring = sdf.torus(sdf.turned(sdf.moved(p, x=s.r), 1.5708, "x"), s.grip, s.thick)
    # The handle ends where the wall begins: nothing of it stands inside the cup.
    handle = sdf.without(ring, sdf.cylinder(p, s.r - 0.5 * s.wall, 2 * s.h))
    return body, handle


def bowl(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    p = sdf.moved(p, z=0.2)
    shell = sdf.without(
        sdf.ellipsoid(p, 0.5, 0.5, s.depth), sdf.ellipsoid(p, 0.5 - s.wall, 0.5 - s.wall, s.depth - s.wall)
    )
    shell = sdf.common(shell, p[..., 2])
    foot = sdf.cylinder(sdf.moved(p, z=-s.depth), s.foot, 0.04)
    return (sdf.union(shell, sdf.without(foot, sdf.ellipsoid(p, 0.45, 0.45, s.depth - 0.02))),)


def bottle(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    body = sdf.cylinder(sdf.moved(p, z=-0.15), s.r, s.h, 0.04)
    shoulder = sdf.cone(sdf.moved(p, z=-0.15 + s.h + 0.06), s.r - 0.02, s.neck, 0.1)
    neck = sdf.cylinder(sdf.moved(p, z=s.h + 0.06), s.neck, 0.16)
    cap = sdf.cylinder(sdf.moved(p, z=s.h + 0.24), s.neck + 0.025, 0.06, 0.01)
    return sdf.smooth_union(sdf.smooth_union(body, shoulder, 0.08), neck, 0.05), cap


KINDS = (
    Kind(
        "mug",
        {"r": (0.3, 0.36), "h": (0.32, 0.42), "wall": (0.045, 0.065), "grip": (0.17, 0.21), "thick": (0.045, 0.06)},
        (Part("body", "main", CHINA), Part("handle", "accent", ())),
        mug,
    ),
    Kind(
        "bowl",
        {"depth": (0.34, 0.46), "wall": (0.045, 0.065), "foot": (0.16, 0.24)},
        (Part("body", "main", CHINA),),
        bowl,
    ),
    Kind(
        "bottle",
        {"r": (0.19, 0.25), "h": (0.28, 0.36), "neck": (0.065, 0.09)},
        (
            Part("body", "main", ("green", "brown", "blue", "white")),
            Part("cap", "accent", ("white", "red", "gold", "black")),
        ),
        bottle,
    ),
)
