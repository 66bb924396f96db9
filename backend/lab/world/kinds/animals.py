"""Animals; all but the fish face the front."""

from __future__ import annotations

from types import SimpleNamespace

from torch import Tensor

from .. import sdf
from .base import Kind, Part


def duck(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    """Faces the front (-y)."""
    body = sdf.ellipsoid(sdf.moved(p, z=-0.12), s.w, s.l, s.h)
    tail = sdf.ellipsoid(sdf.turned(sdf.moved(p, y=s.l * 0.85, z=0.02), 0.7, "x"), 0.1, 0.15, 0.06)
    head = sdf.sphere(sdf.moved(p, y=-0.2, z=s.h + 0.08), s.head)
    neck = sdf.capsule(p, (0.0, -0.17, 0.0), (0.0, -0.2, s.h + 0.05), 0.11)
    body = sdf.smooth_union(sdf.smooth_union(body, tail, 0.08), sdf.smooth_union(head, neck, 0.06), 0.1)
    beak = sdf.ellipsoid(sdf.moved(p, y=-0.2 - s.head - 0.04, z=s.h + 0.05), 0.08, 0.1, 0.04)
    eyes = sdf.sphere(sdf.moved(sdf.mirrored(p, "x"), 0.09, -0.2 - 0.75 * s.head, s.h + 0.14), 0.032)
    return body, beak, eyes


def bear(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    """A sitting teddy bear with its legs towards the front."""
    q = sdf.mirrored(p, "x")
    body = sdf.ellipsoid(sdf.moved(p, z=-0.2), s.belly, 0.9 * s.belly, 0.28)
    head = sdf.sphere(sdf.moved(p, z=0.24), s.head)
    ears = sdf.sphere(sdf.moved(q, 0.76 * s.head, 0.02, 0.24 + 0.76 * s.head), s.ear)
    legs = sdf.capsule(q, (0.14, -0.08, -0.37), (0.21, -0.34, -0.37), 0.105)
    arms = sdf.capsule(q, (s.belly - 0.04, -0.02, -0.04), (s.belly + 0.08, -0.16, -0.2), 0.08)
    tail = sdf.sphere(sdf.moved(p, y=0.9 * s.belly, z=-0.33), 0.075)
    muzzle = sdf.ellipsoid(sdf.moved(p, y=-0.85 * s.head, z=0.17), 0.12, 0.1, 0.09)
    soles = sdf.sphere(sdf.moved(q, 0.225, -0.39, -0.37), 0.075)
    eyes = sdf.sphere(sdf.moved(q, 0.095, -0.84 * s.head, 0.31), 0.04)
    nose = sdf.ellipsoid(sdf.moved(p, y=-0.85 * s.head - 0.09, z=0.21), 0.055, 0.035, 0.04)
    fur = sdf.smooth_union(sdf.union(body, legs, arms), sdf.union(head, tail), 0.05)
    return sdf.union(fur, ears), sdf.union(muzzle, soles), sdf.union(eyes, nose)


def rabbit(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    q = sdf.mirrored(p, "x")
    body = sdf.ellipsoid(sdf.moved(p, z=-0.25), s.w, s.w, 0.27)
    head = sdf.ellipsoid(sdf.moved(p, y=-0.06, z=0.12), s.head * 1.05, s.head, s.head)
    ears = sdf.capsule(q, (0.075, -0.04, 0.2), (0.13, -0.02, s.ear), 0.075)
    feet = sdf.ellipsoid(sdf.moved(q, 0.13, -0.2, -0.45), 0.09, 0.17, 0.07)
    paws = sdf.ellipsoid(sdf.moved(q, 0.09, 0.01 - s.w, -0.17), 0.055, 0.07, 0.055)
    belly = sdf.ellipsoid(sdf.moved(p, y=-0.06, z=-0.25), 0.78 * s.w, s.w - 0.03, 0.23)
    tail = sdf.sphere(sdf.moved(p, y=s.w + 0.02, z=-0.36), 0.1)
    eyes = sdf.sphere(sdf.moved(q, 0.09, -0.06 - 0.82 * s.head, 0.17), 0.038)
    inside = sdf.capsule(q, (0.08, -0.085, 0.26), (0.13, -0.065, s.ear), 0.042)
    nose = sdf.ellipsoid(sdf.moved(p, y=-0.07 - s.head, z=0.1), 0.04, 0.03, 0.03)
    fur = sdf.union(sdf.smooth_union(body, head, 0.06), ears, feet, paws)
    return fur, sdf.union(belly, tail), eyes, sdf.union(inside, nose)


def penguin(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    q = sdf.mirrored(p, "x")
    body = sdf.ellipsoid(sdf.moved(p, z=-0.12), s.w, 0.9 * s.w, 0.38)
    head = sdf.sphere(sdf.moved(p, z=0.27), s.head)
    wings = sdf.ellipsoid(sdf.turned(sdf.moved(q, s.w + 0.02, 0.02, -0.08), s.flap, "y"), 0.055, 0.12, 0.25)
    tail = sdf.ellipsoid(sdf.moved(p, y=0.8 * s.w, z=-0.4), 0.1, 0.13, 0.05)
    belly = sdf.ellipsoid(sdf.moved(p, y=-0.06, z=-0.14), 0.76 * s.w, 0.9 * s.w - 0.03, 0.31)
    cheeks = sdf.sphere(sdf.moved(q, 0.075, 0.08 - s.head, 0.29), 0.095)
    beak = sdf.cone(sdf.turned(sdf.moved(p, y=-s.head - 0.05, z=0.23), 1.5708, "x"), 0.07, 0.015, 0.09)
    feet = sdf.ellipsoid(sdf.moved(q, 0.12, -0.14, -0.48), 0.1, 0.16, 0.05)
    eyes = sdf.sphere(sdf.moved(q, 0.085, 0.005 - s.head, 0.31), 0.04)
    coat = sdf.union(sdf.smooth_union(body, head, 0.12), wings, tail)
    return coat, sdf.union(belly, cheeks), sdf.union(beak, feet), eyes


def fish(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    """In profile, the head towards +x."""
    body = sdf.ellipsoid(sdf.moved(p, x=0.08), 0.42, s.thick, s.tall)
    stem = sdf.capsule(p, (-0.4, 0.0, 0.0), (-0.1, 0.0, 0.0), 0.075)
    lobes = sdf.turned(sdf.moved(sdf.mirrored(p, "z"), x=-0.48, z=0.12), 0.9, "y")
    tail = sdf.ellipsoid(lobes, s.tail, 0.055, 0.09)
    back = sdf.ellipsoid(sdf.turned(sdf.moved(p, x=0.02, z=s.tall), 0.25, "y"), 0.22, 0.055, 0.12)
    keel = sdf.ellipsoid(sdf.turned(sdf.moved(p, x=-0.02, z=-s.tall), -0.4, "y"), 0.12, 0.055, 0.1)
    q = sdf.mirrored(p, "y")
    side = sdf.turned(sdf.turned(sdf.moved(q, 0.02, s.thick + 0.02, -0.06), -0.5, "z"), -0.4, "y")
    fins = sdf.union(tail, back, keel, sdf.ellipsoid(side, 0.13, 0.045, 0.08))
    eyes = sdf.sphere(sdf.moved(q, 0.31, 0.68 * s.thick, 0.07), 0.08)
    pupils = sdf.sphere(sdf.moved(q, 0.335, 0.68 * s.thick + 0.045, 0.075), 0.05)
    return sdf.smooth_union(body, stem, 0.12), fins, eyes, pupils


KINDS = (
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
    Kind(
        "bear",
        {"belly": (0.22, 0.27), "head": (0.21, 0.25), "ear": (0.085, 0.11)},
        (
            Part("fur", "main", ("brown", "beige", "white")),
            Part("muzzle", "accent", ("beige", "white")),
            Part("eyes", "fixed", ("black",)),
        ),
        bear,
    ),
    Kind(
        "rabbit",
        {"w": (0.2, 0.25), "head": (0.17, 0.2), "ear": (0.48, 0.6)},
        (
            Part("fur", "main", ("white", "gray", "brown", "beige")),
            Part("belly", "accent", ("white", "pink")),
            Part("eyes", "fixed", ("black",)),
            Part("nose", "fixed", ("pink",)),
        ),
        rabbit,
    ),
    Kind(
        "penguin",
        {"w": (0.24, 0.29), "head": (0.19, 0.22), "flap": (-0.4, -0.2)},
        (
            Part("coat", "main", ("black", "navy", "gray")),
            Part("belly", "accent", ("white",)),
            Part("beak", "fixed", ("orange",)),
            Part("eyes", "fixed", ("black",)),
        ),
        penguin,
    ),
    Kind(
        "fish",
        {"thick": (0.15, 0.19), "tall": (0.22, 0.28), "tail": (0.15, 0.19)},
        (
            Part("body", "main", ("orange", "blue", "yellow", "red", "teal")),
            Part("fins", "accent", ("yellow", "white", "red", "blue")),
            Part("eyes", "fixed", ("white",)),
            Part("pupils", "fixed", ("black",)),
        ),
        fish,
    ),
)
