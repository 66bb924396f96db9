"""Vehicles."""

from __future__ import annotations

from types import SimpleNamespace

import torch
from torch import Tensor

from .. import sdf
from .base import Kind, Part


def car(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    """The front points towards +x: the front view shows the doors, as in most drawings of cars."""
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
    return torch.minimum(body, nose), torch.minimum(a, b), window


def boat(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    """A sailing boat with the bow towards +x: like the car, the front view shows its side."""
    q = sdf.moved(p, z=-0.22)

    def spindle(width: Tensor) -> Tensor:
        """Pointed at x = +-0.58."""
        bend = (0.58**2 + width * width) / (2 * width)
        return torch.stack((q[..., 0], q[..., 1:].norm(dim=-1) + bend - width), -1).norm(dim=-1) - bend

    hull = torch.stack((spindle(s.w), q[..., 2], -q[..., 0] - 0.42)).amax(0)
    hold = torch.stack((spindle(s.w - 0.06), -q[..., 2] - 0.08, -q[..., 0] - 0.36)).amax(0)
    mast = sdf.cylinder(sdf.moved(p, x=0.04, z=0.1), 0.04, 0.42)
    # A mainsail behind the mast and a jib in front of it, both curved.
    x, y, z = sdf.moved(p, x=0.04, z=-0.1).unbind(-1)
    large = (0.46 * z - s.sail * x - 0.46 * s.sail) / (0.46**2 + s.sail * s.sail).sqrt()
    small = (0.44 * z + s.jib * x - 0.44 * s.jib) / (0.44**2 + s.jib * s.jib).sqrt()
    outline = torch.minimum(torch.maximum(large, x), torch.maximum(small, -x))
    bellied = (y - 0.06 + 0.5 * x.abs().clamp_max(0.4)).abs() - 0.045
    return sdf.without(hull, hold), 0.87 * torch.stack((outline, -z, bellied)).amax(0), mast


def truck(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    """The front points towards +x, as with the car."""
    frame = sdf.box(sdf.moved(p, z=-0.2), 0.52, s.w - 0.03, 0.05, 0.02)
    cab = sdf.box(sdf.moved(p, x=0.37, z=s.cab - 0.24), 0.16, s.w, s.cab, 0.04)
    trailer = sdf.box(sdf.moved(p, x=-0.17, z=s.load - 0.15), 0.36, s.w + 0.02, s.load, 0.02)
    wheel = sdf.turned(sdf.moved(sdf.mirrored(p, "xy"), 0.33, s.w - 0.02, -0.25), 1.5708, "x")
    pane = sdf.moved(p, x=0.39, z=2 * s.cab - 0.34)
    glass = sdf.union(sdf.box(pane, 0.09, s.w + 0.012, 0.065), sdf.box(pane, 0.152, s.w - 0.05, 0.065))
    lights = sdf.sphere(sdf.moved(sdf.mirrored(p, "y"), 0.52, s.w - 0.07, -0.13), 0.05)
    return sdf.union(frame, cab), trailer, sdf.cylinder(wheel, s.wheel, 0.055, 0.01), glass, lights


def airplane(p: Tensor, s: SimpleNamespace) -> tuple[Tensor, ...]:
    """The nose points to the front."""
    q = sdf.turned(p, 1.5708, "x")
    tube = sdf.capsule(p, (0.0, s.r - 0.4, 0.0), (0.0, 0.12, 0.0), s.r)
    tail = sdf.cone(sdf.moved(q, y=0.02, z=-0.31), 0.06, s.r - 0.01, 0.21, 0.03)
    x, y, z = p.unbind(-1)
    swept = y - 0.35 * x.abs()
    wings = sdf.union(
        sdf.box(torch.stack((x, swept + 0.06, z + 0.04), -1), s.span, s.chord, 0.04, 0.02),
        sdf.box(torch.stack((x, swept - 0.4, z - 0.04), -1), 0.22, 0.075, 0.035, 0.02),
        sdf.box(torch.stack((x, y - 0.4 * z - 0.36, z - 0.16), -1), 0.035, 0.09, s.fin, 0.02),
    )
    engines = sdf.cylinder(sdf.moved(sdf.mirrored(q, "x"), 0.27, -0.12, 0.08), 0.07, 0.11, 0.02)
    cockpit = sdf.box(sdf.moved(p, y=0.5 * s.r - 0.4, z=0.55 * s.r), 0.7 * s.r, 0.5 * s.r, 0.035, 0.02)
    panes = sdf.box(sdf.moved(p, z=0.3 * s.r), 0.98 * s.r, 0.2, 0.03)
    return sdf.smooth_union(tube, tail, 0.1), 0.85 * wings, sdf.union(cockpit, panes), engines


KINDS = (
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
    Kind(
        "boat",
        {"w": (0.25, 0.32), "sail": (0.52, 0.62), "jib": (0.4, 0.5)},
        (
            Part("hull", "main", ("brown", "red", "blue", "white")),
            Part("sail", "accent", ("white", "beige")),
            Part("mast", "fixed", ("brown",)),
        ),
        boat,
    ),
    Kind(
        "truck",
        {"w": (0.19, 0.24), "cab": (0.19, 0.23), "load": (0.21, 0.26), "wheel": (0.1, 0.13)},
        (
            Part("cab", "accent", ("white", "gray", "yellow")),
            Part("trailer", "main", ("red", "blue", "green", "yellow", "orange")),
            Part("wheels", "fixed", ("black",)),
            Part("windows", "fixed", ("navy",)),
            Part("lights", "fixed", ("yellow",)),
        ),
        truck,
    ),
    Kind(
        "airplane",
        {"r": (0.12, 0.15), "span": (0.46, 0.56), "chord": (0.11, 0.14), "fin": (0.13, 0.17)},
        (
            Part("body", "main", ("white", "gray", "yellow", "red")),
            Part("wings", "accent", ("blue", "red", "gray", "white")),
            Part("windows", "fixed", ("navy", "black")),
            Part("engines", "fixed", ("gray", "black")),
        ),
        airplane,
    ),
)
