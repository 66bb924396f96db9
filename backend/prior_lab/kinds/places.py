"""Buildings and vehicles."""

from __future__ import annotations

from types import SimpleNamespace

import torch
from torch import Tensor

from .. import sdf
from .base import Kind, Part


def house(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    walls = sdf.box(sdf.moved(p, z=-0.15), s.w, s.d, s.h)
    q = sdf.moved(p, z=-0.15 + s.h)
    # A gable roof: the ridge runs from side to side, the front (-y) shows a slope.
    slope = (q[..., 1].abs() * s.rise + (q[..., 2] - s.rise * (s.d + 0.06))) / (1 + s.rise * s.rise).sqrt()
    roof = torch.stack((slope, q[..., 0].abs() - s.w - 0.05, -q[..., 2])).amax(0)
    door = sdf.box(sdf.moved(p, y=-s.d, z=-0.15 - s.h + 0.14), 0.075, 0.025, 0.14)
    windows = sdf.box(sdf.moved(sdf.mirrored(p, "x"), 0.62 * s.w, -s.d, -0.1), 0.07, 0.02, 0.07)
    chimney = sdf.box(sdf.moved(p, 0.5 * s.w, 0.5 * s.d, s.h + 0.02), 0.05, 0.05, 0.2)
    return walls, roof, door, windows, chimney


def car(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    """Its length lies along x, the front towards +x: the front view shows the doors, as a drawing of a car does."""
    body = sdf.box(p, 0.5, s.w, s.h, 0.05)
    cabin = sdf.box(sdf.moved(p, x=-0.05, z=s.h + s.roof - 0.02), s.cabin, s.w - 0.03, s.roof, 0.06)
    glass = sdf.box(sdf.moved(p, x=-0.05, z=s.h + s.roof - 0.02), s.cabin - 0.05, s.w - 0.02, s.roof - 0.045, 0.02)
    wheel = sdf.turned(sdf.moved(sdf.mirrored(p, "xy"), 0.3, s.w - 0.02, -s.h), 1.5708, "x")
    lights = sdf.sphere(sdf.moved(sdf.mirrored(p, "y"), 0.49, s.w - 0.07, 0.02), 0.045)
    return torch.minimum(body, cabin), sdf.cylinder(wheel, s.wheel, 0.05, 0.01), glass, lights


def rocket(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    body = sdf.cylinder(p, s.r, 0.3)
    nose = sdf.cone(sdf.moved(p, z=0.3 + s.nose), s.r, 0.02, s.nose)
    q = sdf.mirrored(p, "xy")
    a = sdf.box(sdf.turned(sdf.moved(q, s.r + 0.06, 0.0, -0.28), -0.45, "y"), s.fin, 0.025, 0.14)
    b = sdf.box(sdf.turned(sdf.moved(q, 0.0, s.r + 0.06, -0.28), 0.45, "x"), 0.025, s.fin, 0.14)
    window = sdf.sphere(sdf.moved(p, y=-s.r + 0.03, z=0.12), 0.08)
    return body, torch.minimum(nose, torch.minimum(a, b)), window


KINDS = (
    Kind(
        "house",
        {"w": (0.34, 0.44), "d": (0.28, 0.36), "h": (0.2, 0.26), "rise": (0.7, 1.0)},
        (
            Part("walls", "main", ("white", "beige", "yellow", "pink")),
            Part("roof", "accent", ("red", "brown", "gray", "blue")),
            Part("door", "fixed", ("brown",)),
            Part("windows", "fixed", ("navy", "black")),
            Part("chimney", "fixed", ("brown", "gray")),
        ),
        house,
    ),
    Kind(
        "car",
        {"w": (0.2, 0.26), "h": (0.1, 0.13), "roof": (0.1, 0.13), "cabin": (0.25, 0.31), "wheel": (0.11, 0.14)},
        (
            Part("body", "main", ("red", "blue", "yellow", "white", "black", "green")),
            Part("wheels", "accent", ("black",)),
            Part("windows", "fixed", ("navy", "gray")),
            Part("lights", "fixed", ("yellow", "white")),
        ),
        car,
    ),
    Kind(
        "rocket",
        {"r": (0.14, 0.18), "nose": (0.12, 0.18), "fin": (0.09, 0.12)},
        (
            Part("body", "main", ("white", "gray", "red")),
            Part("fins", "accent", ("red", "blue", "orange")),
            Part("window", "fixed", ("navy", "teal")),
        ),
        rocket,
    ),
)
