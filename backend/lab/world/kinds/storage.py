"""Containers: barrel, bucket, treasure chest."""

from __future__ import annotations

from types import SimpleNamespace

from torch import Tensor

from .. import sdf
from .base import Kind, Part


def barrel(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    height = p[..., 2].abs()

    def bulged(extra: float) -> Tensor:
        return sdf.ellipsoid(p, s.r + extra, s.r + extra, s.long)

    lids = sdf.cylinder(sdf.moved(sdf.mirrored(p, "z"), z=s.h), 0.72 * s.r, 0.05)
    staves = sdf.without(sdf.common(bulged(0.0), height - s.h), lids)
    hoops = sdf.union((height - s.h + s.hoop + 0.02).abs() - s.hoop, (height - 0.36 * s.h).abs() - s.hoop)
    return staves, sdf.without(sdf.common(bulged(0.022), hoops), lids)


def bucket(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    cavity = sdf.cone(sdf.moved(p, z=0.06), s.bottom - s.wall, s.top - s.wall, s.h)
    rim = sdf.torus(sdf.moved(p, z=s.h - 0.02), s.top, 0.04)
    body = sdf.without(sdf.union(sdf.cone(p, s.bottom, s.top, s.h), rim), cavity)
    q = sdf.moved(p, z=s.h - 0.04)
    bail = sdf.torus(sdf.turned(q, 1.5708, "x"), s.top + 0.02, 0.032)
    knobs = sdf.sphere(sdf.moved(sdf.mirrored(q, "x"), s.top + 0.02), 0.06)
    return body, sdf.without(sdf.union(sdf.common(bail, -q[..., 2]), knobs), cavity)


def chest(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    """A treasure chest with the lock in front."""

    def outline(extra: Tensor | float) -> Tensor:
        trunk = sdf.box(sdf.moved(p, z=-s.h), s.w + extra, s.d + extra, s.h + extra, 0.015)
        arch = sdf.cylinder(
            sdf.turned(sdf.moved(p, z=s.low), 1.5708, "y"), (s.d**2 + s.low**2).sqrt() + extra, s.w + extra
        )
        return sdf.union(trunk, sdf.common(arch, -p[..., 2]))

    seam = sdf.without(sdf.box(p, 1.0, 1.0, 0.018), outline(-0.03))
    straps = (p[..., 0].abs() - 0.62 * s.w).abs() - s.strap
    rim = (p[..., 2] + 0.055).abs() - 0.03
    lock = sdf.box(sdf.moved(p, y=-s.d - 0.02, z=-0.03), s.lock, 0.05, 1.2 * s.lock, 0.02)
    hole = sdf.cylinder(sdf.turned(sdf.moved(p, y=-s.d - 0.05, z=-0.04), 1.5708, "x"), 0.4 * s.lock, 0.025)
    bands = sdf.common(outline(0.022), sdf.union(straps, rim))
    return sdf.without(outline(0.0), seam), bands, lock, hole


KINDS = (
    Kind(
        "barrel",
        {"r": (0.34, 0.41), "h": (0.4, 0.48), "long": (0.75, 0.9), "hoop": (0.035, 0.045)},
        (Part("staves", "main", ("brown", "beige")), Part("hoops", "accent", ("gray", "black", "gold"))),
        barrel,
    ),
    Kind(
        "bucket",
        {"bottom": (0.24, 0.29), "top": (0.34, 0.4), "h": (0.27, 0.33), "wall": (0.075, 0.09)},
        (Part("pail", "main", ("blue", "gray", "red", "yellow")), Part("handle", "accent", ("gray", "white", "black"))),
        bucket,
    ),
    Kind(
        "chest",
        {
            "w": (0.42, 0.5),
            "d": (0.27, 0.32),
            "h": (0.15, 0.18),
            "low": (0.03, 0.08),
            "strap": (0.04, 0.055),
            "lock": (0.075, 0.095),
        },
        (
            Part("box", "main", ("brown", "red", "beige")),
            Part("bands", "accent", ("gold", "gray", "black")),
            Part("lock", "fixed", ("gold",)),
            Part("keyhole", "fixed", ("black",)),
        ),
        chest,
    ),
)
