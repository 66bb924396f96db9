"""Kitchenware: vessels with real cavities. Their walls are about two pixels thick in the training pictures."""

from __future__ import annotations

from types import SimpleNamespace

from torch import Tensor

from .. import sdf
from .base import Kind, Part

CHINA = ("white", "red", "blue", "green", "yellow")


def mug(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    cavity = sdf.cylinder(sdf.moved(p, z=1.3 * s.wall), s.r - s.wall, s.h)
    body = sdf.without(sdf.cylinder(p, s.r, s.h, 0.03), cavity)
    ring = sdf.torus(sdf.turned(sdf.moved(p, x=s.r), 1.5708, "x"), s.grip, s.thick)
    # Cut the handle at the wall, so that it does not reach into the cup.
    handle = sdf.without(ring, sdf.cylinder(p, s.r - 0.5 * s.wall, 2 * s.h))
    return body, handle


def bowl(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    p = sdf.moved(p, z=0.2)

    def grown(wall: Tensor | float) -> Tensor:
        return sdf.ellipsoid(p, 0.5 - wall, 0.5 - wall, s.depth - wall)

    shell = sdf.common(sdf.without(grown(0.0), grown(s.wall)), p[..., 2])
    foot = sdf.cylinder(sdf.moved(p, z=-s.depth), s.foot, 0.04)
    # A second color distinguishes it from a ball in the overhead view. It ends above the floor: the near wall hides a floor in
    # another color unless the camera is high, so that a flat lid cannot look the same from all sides.
    coat = sdf.common(sdf.without(grown(s.wall - 0.02), grown(s.wall + 0.008)), p[..., 2] + 0.008)
    coat = sdf.common(coat, -0.6 * s.depth - p[..., 2])
    return sdf.union(shell, sdf.without(foot, sdf.ellipsoid(p, 0.45, 0.45, s.depth - 0.02))), coat


def bottle(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    body = sdf.cylinder(sdf.moved(p, z=-0.15), s.r, s.h, 0.04)
    shoulder = sdf.cone(sdf.moved(p, z=-0.15 + s.h + 0.06), s.r - 0.02, s.neck, 0.1)
    neck = sdf.cylinder(sdf.moved(p, z=s.h + 0.06), s.neck, 0.16)
    cap = sdf.cylinder(sdf.moved(p, z=s.h + 0.24), s.neck + 0.025, 0.06, 0.01)
    return sdf.smooth_union(sdf.smooth_union(body, shoulder, 0.08), neck, 0.05), cap


def vase(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    q = sdf.moved(p, z=-0.16)

    def outline(wall: Tensor | float) -> Tensor:
        belly = sdf.ellipsoid(q, s.r - wall, s.r - wall, 0.4 - wall)
        neck = sdf.cylinder(sdf.moved(p, z=0.32), s.neck - wall, 0.2)
        lip = sdf.cone(sdf.moved(p, z=0.44), s.neck - wall, s.lip - wall, 0.12)
        return sdf.smooth_union(belly, sdf.union(neck, lip), 0.1)

    cavity = sdf.common(outline(s.wall), -0.05 - p[..., 2])  # as deep as is visible through the neck
    mouth = sdf.cylinder(sdf.moved(p, z=0.56), s.lip - s.wall, 0.015)
    hollow = sdf.union(cavity, mouth)
    foot = sdf.cylinder(sdf.moved(p, z=-0.47), 0.62 * s.r, 0.06, 0.02)
    body = sdf.union(sdf.common(outline(0.0), -0.48 - p[..., 2]), foot)
    band = sdf.common(sdf.ellipsoid(q, s.r + 0.012, s.r + 0.012, 0.412), (q[..., 2] - 0.02).abs() - s.band)
    rim = sdf.torus(sdf.moved(p, z=0.545), s.lip - 0.5 * s.wall, 0.6 * s.wall)
    return sdf.union(sdf.without(body, hollow), rim), sdf.without(band, hollow)


def teapot(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    """The spout points towards +x, the handle towards -x."""
    belly = sdf.common(sdf.ellipsoid(p, s.r, s.r, s.h), -0.82 * s.h - p[..., 2])
    tube = sdf.turned(sdf.moved(p, s.r + 0.06, z=s.h * 0.25), 0.65, "y")
    spout = sdf.without(sdf.cone(tube, 0.12, 0.06, 0.24, 0.01), sdf.cylinder(sdf.moved(tube, z=0.24), 0.035, 0.1))
    ring = sdf.torus(sdf.turned(sdf.moved(p, -s.r - 0.02, z=0.04), 1.5708, "x"), s.grip, 0.05)
    handle = sdf.without(ring, sdf.ellipsoid(p, s.r - 0.03, s.r - 0.03, s.h - 0.03))
    lid = sdf.common(sdf.ellipsoid(p, s.r + 0.025, s.r + 0.025, s.h + 0.035), 0.72 * s.h - p[..., 2])
    knob = sdf.sphere(sdf.moved(p, z=s.h + 0.035 + 0.7 * s.knob), s.knob)
    return sdf.union(sdf.smooth_union(belly, spout, 0.06), handle), sdf.union(lid, knob)


def candle(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    wax = sdf.cylinder(p, s.r, s.h, 0.03)
    plate = sdf.cylinder(sdf.moved(p, z=-s.h), s.plate, 0.06, 0.02)
    plate = sdf.without(plate, sdf.cylinder(sdf.moved(p, z=-s.h + 0.06), s.plate - 0.05, 0.07))
    ring = sdf.torus(sdf.turned(sdf.moved(p, s.plate + 0.06, z=-s.h + 0.02), 1.5708, "x"), 0.085, 0.035)
    wick = sdf.cylinder(sdf.moved(p, z=s.h + 0.02), 0.025, 0.05)
    q = sdf.moved(p, z=s.h + 0.05 + s.flame)
    tongue = sdf.cone(sdf.moved(q, z=1.25 * s.flame), 0.85 * s.flame, 0.01, s.flame)
    return wax, sdf.union(plate, ring), sdf.smooth_union(sdf.sphere(q, s.flame), tongue, 0.05), wick


KINDS = (
    Kind(
        "mug",
        {"r": (0.3, 0.36), "h": (0.32, 0.42), "wall": (0.075, 0.095), "grip": (0.17, 0.21), "thick": (0.045, 0.06)},
        (Part("body", "main", CHINA), Part("handle", "accent", ())),
        mug,
    ),
    Kind(
        "bowl",
        {"depth": (0.38, 0.48), "wall": (0.075, 0.095), "foot": (0.16, 0.24)},
        (Part("body", "main", CHINA), Part("coat", "fixed", ("white",))),
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
    Kind(
        "vase",
        {"r": (0.29, 0.36), "neck": (0.15, 0.19), "lip": (0.25, 0.31), "wall": (0.06, 0.075), "band": (0.06, 0.09)},
        (Part("body", "main", ("blue", "white", "teal", "red")), Part("band", "accent", ("white", "gold", "navy"))),
        vase,
    ),
    Kind(
        "teapot",
        {"r": (0.33, 0.39), "h": (0.28, 0.34), "grip": (0.17, 0.21), "knob": (0.06, 0.08)},
        (Part("body", "main", CHINA), Part("lid", "accent", ())),
        teapot,
    ),
    Kind(
        "candle",
        {"r": (0.14, 0.18), "h": (0.27, 0.34), "plate": (0.31, 0.37), "flame": (0.085, 0.105)},
        (
            Part("wax", "main", ("white", "red", "beige", "purple")),
            Part("saucer", "accent", ("gold", "gray", "brown")),
            Part("flame", "fixed", ("orange", "yellow")),
            Part("wick", "fixed", ("black",)),
        ),
        candle,
    ),
)
