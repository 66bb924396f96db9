"""Food."""

from __future__ import annotations

from types import SimpleNamespace

import torch
from torch import Tensor

from .. import sdf
from .base import Kind, Part


def pear(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    shoulder = s.low + s.high * 0.7
    flesh = sdf.smooth_union(sdf.sphere(p, s.low), sdf.sphere(sdf.moved(p, z=shoulder), s.high), 0.3)
    top = shoulder + s.high
    stalk = sdf.capsule(p, (0.0, 0.0, top - 0.05), (0.05, 0.0, top + 0.14), 0.032)
    leaf = sdf.ellipsoid(sdf.turned(sdf.moved(p, 0.16, 0.0, top + 0.06), 0.4, "y"), 0.14, 0.075, 0.03)
    return flesh, stalk, leaf


def carrot(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    """Points downwards."""
    root = sdf.cone(sdf.moved(p, z=-0.16), 0.055, s.r, s.h, 0.03)
    shoulder = sdf.ellipsoid(sdf.moved(p, z=s.h - 0.18), s.r, s.r, 0.1)
    top = s.h - 0.12
    grooves = sdf.union(*(sdf.box(sdf.moved(p, y=-0.1, z=top - 0.18 - 0.24 * i), 0.3, 0.3, 0.014) for i in range(3)))
    grooves = sdf.without(grooves, sdf.cone(sdf.moved(p, z=-0.16), 0.035, s.r - 0.025, s.h))
    q = sdf.turned(sdf.moved(sdf.around(p, 4), 0.03, z=top), 0.5, "y")
    fan = sdf.ellipsoid(sdf.moved(q, z=0.16), 0.055, 0.08, s.leaf)
    upright = sdf.capsule(p, (0.0, 0.0, top), (0.0, 0.0, top + 1.6 * s.leaf), 0.065)
    return sdf.without(sdf.union(root, shoulder), grooves), sdf.union(fan, upright)


def pumpkin(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    ribs = sdf.ellipsoid(sdf.moved(sdf.around(p, 10, 0.314), x=s.r - 0.19), 0.21, s.rib, s.h)
    stalk = sdf.smooth_union(
        sdf.cone(sdf.moved(p, z=0.75 * s.h + 0.06), 0.1, 0.06, 0.12),
        sdf.capsule(p, (0.0, 0.0, 0.75 * s.h + 0.12), (0.1, 0.0, 0.75 * s.h + 0.22), s.stalk),
        0.04,
    )
    return sdf.union(ribs, sdf.ellipsoid(p, s.r - 0.19, s.r - 0.19, 0.75 * s.h)), stalk


def cake(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    """Two tiers with dripping icing."""

    def tier(q: Tensor, radius: Tensor, drips: int) -> tuple[Tensor, Tensor]:
        """Its base is at z = 0."""
        sponge = sdf.cylinder(sdf.moved(q, z=s.h), radius, s.h, 0.02)
        cover = sdf.cylinder(sdf.moved(q, z=2 * s.h), radius + 0.025, 0.04, 0.03)
        edge = sdf.moved(sdf.around(q, drips), x=radius)
        return sponge, sdf.union(cover, sdf.capsule(edge, (0.0, 0.0, 2 * s.h), (0.0, 0.0, s.h), 0.05))

    low, low_icing = tier(sdf.moved(p, z=-0.35), s.r, 12)
    high, high_icing = tier(sdf.moved(p, z=-0.35 + 2 * s.h), s.r * s.step, 8)
    cherry = sdf.sphere(sdf.moved(p, z=-0.3 + 4 * s.h + s.cherry * 0.7), s.cherry)
    plate = sdf.cylinder(sdf.moved(p, z=-0.36), s.r + 0.1, 0.025, 0.01)
    return sdf.union(low, high), sdf.union(low_icing, high_icing), cherry, plate


def burger(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    heel = sdf.cylinder(sdf.moved(p, z=-0.25), s.r, 0.09, 0.06)
    q = sdf.moved(p, z=0.06)
    crown = sdf.common(sdf.ellipsoid(q, s.r, s.r, s.dome), -q[..., 2])
    patty = sdf.cylinder(sdf.moved(p, z=-0.11), s.r + 0.03, s.patty, 0.04)
    cheese = sdf.box(sdf.turned(sdf.moved(p, z=-0.03), 0.785, "z"), 0.8 * s.r + 0.02, 0.8 * s.r + 0.02, 0.025)
    angle = torch.atan2(p[..., 1], p[..., 0])
    wavy = sdf.moved(p, z=0.03 + 0.03 * torch.sin(9 * angle) * (p[..., :2].norm(dim=-1) / s.r).clamp_max(1))
    lettuce = 0.8 * sdf.cylinder(wavy, s.r + s.frill, 0.035, 0.03)
    seed = 0.13 * s.r
    ring = sdf.moved(sdf.around(q, 6), 0.6 * s.r, z=0.8 * s.dome)
    seeds = sdf.union(
        sdf.ellipsoid(sdf.turned(ring, 0.5, "y"), 1.3 * seed, 0.8 * seed, 0.03),
        sdf.ellipsoid(sdf.moved(q, z=s.dome), 1.3 * seed, 0.8 * seed, 0.03),
    )
    return sdf.union(heel, crown), lettuce, patty, cheese, seeds


def donut(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    dough = sdf.torus(p, s.major, s.minor)
    angle = torch.atan2(p[..., 1], p[..., 0])
    hem = 0.03 * torch.sin(7 * angle) * (p[..., :2].norm(dim=-1) / s.major).clamp_max(1)
    icing = sdf.common(sdf.torus(p, s.major, s.minor + s.icing), 0.85 * (hem - p[..., 2]))
    top = s.minor + s.icing
    across = sdf.moved(sdf.around(p, 7), s.major - 0.06, z=0.93 * top)
    along = sdf.moved(sdf.around(p, 7, 0.45), s.major + 0.1, z=0.82 * top)
    sprinkles = sdf.union(
        sdf.capsule(across, (-0.03, 0.0, 0.0), (0.04, 0.0, 0.01), 0.027),
        sdf.capsule(along, (0.0, -0.04, 0.0), (0.0, 0.04, 0.0), 0.027),
    )
    return icing, dough, sprinkles


KINDS = (
    Kind(
        "pear",
        {"low": (0.31, 0.37), "high": (0.16, 0.2)},
        (
            Part("flesh", "main", ("lime", "yellow")),
            Part("stalk", "fixed", ("brown",)),
            Part("leaf", "fixed", ("green",)),
        ),
        pear,
    ),
    Kind(
        "carrot",
        {"r": (0.17, 0.21), "h": (0.36, 0.44), "leaf": (0.17, 0.22)},
        (Part("root", "main", ("orange",)), Part("leaves", "accent", ("green",))),
        carrot,
    ),
    Kind(
        "pumpkin",
        {"r": (0.42, 0.5), "rib": (0.15, 0.17), "h": (0.3, 0.36), "stalk": (0.045, 0.06)},
        (Part("flesh", "main", ("orange",)), Part("stalk", "accent", ("green", "brown"))),
        pumpkin,
    ),
    Kind(
        "cake",
        {"r": (0.38, 0.45), "step": (0.55, 0.65), "h": (0.12, 0.145), "cherry": (0.07, 0.09)},
        (
            Part("sponge", "accent", ("beige",)),
            Part("icing", "main", ("pink", "brown", "beige")),
            Part("cherry", "fixed", ("red",)),
            Part("plate", "fixed", ("white", "gray")),
        ),
        cake,
    ),
    Kind(
        "burger",
        {"r": (0.4, 0.46), "dome": (0.27, 0.34), "patty": (0.06, 0.08), "frill": (0.05, 0.08)},
        (
            Part("bun", "main", ("orange", "beige")),
            Part("lettuce", "accent", ("green", "lime")),
            Part("patty", "fixed", ("brown",)),
            Part("cheese", "fixed", ("yellow",)),
            Part("seeds", "fixed", ("white",)),
        ),
        burger,
    ),
    Kind(
        "donut",
        {"major": (0.31, 0.35), "minor": (0.16, 0.2), "icing": (0.02, 0.03)},
        (
            Part("icing", "main", ("pink", "brown", "white")),
            Part("dough", "accent", ("beige",)),
            Part("sprinkles", "fixed", ("yellow", "blue")),
        ),
        donut,
    ),
)
