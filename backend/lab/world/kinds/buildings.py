"""Buildings."""

from __future__ import annotations

from types import SimpleNamespace

from torch import Tensor

from .. import sdf
from .base import Kind, Part


def house(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    walls = sdf.box(sdf.moved(p, z=-0.15), s.w, s.d, s.h)
    # A gable roof with the ridge along x: the front (-y) shows a slope.
    half = 0.5 * s.rise * (s.d + 0.06)
    roof = sdf.prism(sdf.turned(sdf.moved(p, z=s.h + half - 0.15), 1.5708, "z"), s.d + 0.06, s.w + 0.05, half)
    door = sdf.box(sdf.moved(p, y=-s.d, z=-0.15 - s.h + 0.14), 0.075, 0.025, 0.14)
    windows = sdf.box(sdf.moved(sdf.mirrored(p, "x"), 0.62 * s.w, -s.d, -0.1), 0.07, 0.02, 0.07)
    chimney = sdf.box(sdf.moved(p, 0.5 * s.w, 0.5 * s.d, s.h + 0.02), 0.05, 0.05, 0.2)
    return walls, roof, door, windows, chimney


def castle(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    top = 2 * s.wall - 0.45
    q = sdf.mirrored(p, "xy")
    walls = sdf.box(sdf.moved(p, z=s.wall - 0.45), s.a, s.a, s.wall)
    yard = sdf.box(sdf.moved(p, z=top), s.a - 0.09, s.a - 0.09, 0.16)
    gap = sdf.moved(q, z=top)
    gaps = sdf.union(sdf.box(sdf.moved(gap, x=0.12), 0.04, 0.6, 0.07), sdf.box(sdf.moved(gap, y=0.12), 0.6, 0.04, 0.07))
    corner = sdf.moved(q, s.a, s.a, 2 * s.tower - 0.45)
    tower = sdf.cylinder(sdf.moved(corner, z=-s.tower), s.r, s.tower)
    roof = sdf.cone(sdf.moved(corner, z=s.roof), s.r + 0.06, 0.01, s.roof)
    slit = sdf.moved(corner, z=-0.12)
    slits = sdf.union(sdf.box(slit, 0.035, s.r + 0.01, 0.06), sdf.box(slit, s.r + 0.01, 0.035, 0.06))
    arch = sdf.cylinder(sdf.turned(sdf.moved(p, y=-s.a, z=-0.27), 1.5708, "x"), 0.1, 0.03)
    gate = sdf.union(sdf.box(sdf.moved(p, y=-s.a, z=-0.36), 0.1, 0.03, 0.09), arch)
    return sdf.union(sdf.without(walls, sdf.union(yard, gaps)), tower), roof, sdf.union(gate, slits)


def lighthouse(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    q = sdf.moved(p, z=-0.14)
    tower = sdf.cone(q, s.bottom, s.top, 0.36)
    rings = (q[..., 2].abs() - 0.18).abs() - s.band
    bands = sdf.common(sdf.cone(q, s.bottom + 0.012, s.top + 0.012, 0.36), rings)
    gallery = sdf.cylinder(sdf.moved(p, z=0.24), s.top + 0.08, 0.035)
    lantern = sdf.cylinder(sdf.moved(p, z=0.35), s.top - 0.02, 0.09)
    roof = sdf.cone(sdf.moved(p, z=0.43 + s.roof), s.top + 0.05, 0.03, s.roof)
    rock = sdf.ellipsoid(sdf.moved(p, z=-0.5), s.bottom + 0.13, s.bottom + 0.13, 0.11)
    door = sdf.box(sdf.moved(p, y=-s.bottom + 0.02, z=-0.38), 0.07, 0.05, 0.1)
    window = sdf.box(sdf.moved(p, y=-(s.bottom + s.top) / 2, z=-0.14), 0.05, 0.03, 0.06)
    return sdf.union(tower, roof), bands, lantern, sdf.union(door, window), sdf.union(gallery, rock)


def tent(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    cloth = sdf.prism(p, s.w, s.l, s.h)
    front = sdf.moved(p, y=-s.l)
    # Triangles on the same floor, the narrower in front of the wider.
    flaps = sdf.prism(sdf.moved(front, z=-0.12 * s.h), 0.85 * s.w, 0.03, 0.88 * s.h)
    opening = sdf.prism(sdf.moved(front, z=-0.25 * s.h), s.open * s.w, 0.05, 0.75 * s.h)
    pole = sdf.capsule(p, (0.0, -s.l - 0.06, s.h), (0.0, s.l + 0.06, s.h), 0.03)
    return cloth, flaps, opening, pole


KINDS = (
    Kind(
        "house",
        {"w": (0.34, 0.44), "d": (0.28, 0.36), "h": (0.2, 0.26), "rise": (0.7, 1.0)},
        (
            Part("walls", "main", ("white", "beige", "yellow", "pink")),
            Part("roof", "accent", ("red", "brown", "gray", "blue")),
            Part("door", "fixed", ("brown",)),
            Part("windows", "fixed", ("navy", "black")),
            Part("chimney", "fixed", ()),  # in the color of the walls, which is then visible from above
        ),
        house,
    ),
    Kind(
        "castle",
        {"a": (0.31, 0.38), "r": (0.12, 0.15), "wall": (0.17, 0.21), "tower": (0.26, 0.32), "roof": (0.14, 0.18)},
        (
            Part("walls", "main", ("gray", "beige", "white", "pink")),
            Part("roofs", "accent", ("red", "blue", "purple", "teal")),
            Part("gate", "fixed", ("black", "brown")),
        ),
        castle,
    ),
    Kind(
        "lighthouse",
        {"bottom": (0.2, 0.25), "top": (0.13, 0.16), "band": (0.04, 0.055), "roof": (0.08, 0.11)},
        (
            Part("tower", "main", ("red", "blue", "black")),
            Part("bands", "accent", ("white",)),
            Part("lantern", "fixed", ("yellow",)),
            Part("door", "fixed", ("brown", "navy")),
            Part("rock", "fixed", ("gray",)),
        ),
        lighthouse,
    ),
    Kind(
        "tent",
        {"w": (0.4, 0.5), "l": (0.38, 0.48), "h": (0.28, 0.35), "open": (0.4, 0.5)},
        (
            Part("cloth", "main", ("orange", "green", "blue", "red", "beige")),
            Part("flaps", "accent", ("yellow", "white", "beige")),
            Part("opening", "fixed", ("black",)),
            Part("pole", "fixed", ("brown",)),
        ),
        tent,
    ),
)
