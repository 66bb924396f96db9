"""Plants and fruit."""

from __future__ import annotations

from types import SimpleNamespace

from torch import Tensor

from .. import sdf
from .base import Kind, Part


def mushroom(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    q = sdf.moved(p, z=s.lift)
    bottom = -0.22 * s.dome
    underside = bottom - q[..., 2]
    cap = sdf.common(sdf.ellipsoid(q, s.cap, s.cap, s.dome), underside)
    # A pale rim distinguishes it from a ball if only the cap is visible. It is rotationally symmetric: captions place no details.
    # Gills that slope down to the stem are visible from slightly above; a flat underside hides the top of the stem.
    brim = (1 + s.rim) * s.cap
    rim = sdf.common(sdf.ellipsoid(sdf.moved(q, z=-0.13 * s.dome), brim, brim, 0.24 * s.dome), underside)
    gills = sdf.cone(sdf.moved(q, z=bottom - 0.05), s.stem, 0.85 * s.cap, 0.055)
    stem = sdf.cone(sdf.moved(p, z=-s.stem_h + s.lift), s.stem * 1.25, s.stem, s.stem_h, 0.03)
    return cap, stem, sdf.union(rim, gills)


def tree(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    """A fir: three cones, each narrower than the one below."""
    layers = [
        sdf.cone(sdf.moved(p, z=-0.12 + 0.24 * i), s.r * (1 - 0.25 * i), 0.04 if i == 2 else 0.1, 0.2, 0.01)
        for i in range(3)
    ]
    return sdf.union(*layers), sdf.cylinder(sdf.moved(p, z=-0.42), s.trunk, 0.16)


def cactus(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    trunk = sdf.capsule(p, (0.0, 0.0, -0.3), (0.0, 0.0, s.h), s.r)
    right = sdf.union(
        sdf.capsule(p, (0.0, 0.0, s.low), (s.reach, 0.0, s.low), s.arm),
        sdf.capsule(p, (s.reach, 0.0, s.low), (s.reach, 0.0, s.low + 0.2), s.arm),
    )
    left = sdf.union(
        sdf.capsule(p, (0.0, 0.0, s.low + 0.12), (-s.reach, 0.0, s.low + 0.12), s.arm),
        sdf.capsule(p, (-s.reach, 0.0, s.low + 0.12), (-s.reach, 0.0, s.low + 0.3), s.arm),
    )
    pot = sdf.cone(sdf.moved(p, z=-0.4), 0.17, s.pot, 0.15, 0.01)
    return sdf.smooth_union(trunk, sdf.union(right, left), 0.04), pot


def apple(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    # A torus thicker than its radius: a ball with a dimple at both ends.
    flesh = sdf.smooth_union(sdf.torus(p, s.core, s.flesh), sdf.sphere(p, s.flesh * 0.8), 0.1)
    stalk = sdf.capsule(p, (0.0, 0.0, s.flesh * 0.75), (0.06, 0.0, s.flesh + 0.16), 0.03)
    leaf = sdf.ellipsoid(sdf.turned(sdf.moved(p, 0.17, 0.0, s.flesh + 0.12), 0.5, "y"), 0.13, 0.06, 0.025)
    return flesh, stalk, leaf


KINDS = (
    Kind(
        "mushroom",
        {
            "cap": (0.4, 0.5),
            "dome": (0.3, 0.42),
            "lift": (0.1, 0.16),
            "stem": (0.1, 0.15),
            "stem_h": (0.26, 0.34),
            "rim": (0.06, 0.1),
        },
        (
            Part("cap", "main", ("red", "brown", "orange", "beige")),
            Part("stem", "accent", ("white", "beige")),
            Part("band", "fixed", ("white",)),
        ),
        mushroom,
    ),
    Kind(
        "tree",
        {"r": (0.32, 0.42), "trunk": (0.06, 0.09)},
        (Part("crown", "main", ("green",)), Part("trunk", "accent", ("brown",))),
        tree,
    ),
    Kind(
        "cactus",
        {
            "h": (0.35, 0.45),
            "r": (0.1, 0.13),
            "arm": (0.06, 0.08),
            "reach": (0.24, 0.3),
            "low": (-0.08, 0.02),
            "pot": (0.21, 0.25),
        },
        (Part("body", "main", ("green", "lime")), Part("pot", "accent", ("brown", "orange"))),
        cactus,
    ),
    Kind(
        "apple",
        {"core": (0.16, 0.2), "flesh": (0.28, 0.32)},
        (
            Part("flesh", "main", ("red", "green", "yellow")),
            Part("stalk", "fixed", ("brown",)),
            Part("leaf", "fixed", ("green",)),
        ),
        apple,
    ),
)
