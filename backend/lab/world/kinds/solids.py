"""Plain solids."""

from __future__ import annotations

from .. import sdf
from .base import Kind, Part

ANY = ("red", "orange", "yellow", "green", "teal", "blue", "purple", "pink", "white", "gray")
BODY = (Part("body", "main", ANY),)

KINDS = (
    Kind("ball", {"r": (0.45, 0.5)}, BODY, lambda p, s: (sdf.sphere(p, s.r),)),
    Kind("cube", {"a": (0.38, 0.42), "round": (0.0, 0.06)}, BODY, lambda p, s: (sdf.box(p, s.a, s.a, s.a, s.round),)),
    Kind(
        "cone",
        {"r": (0.3, 0.45), "h": (0.42, 0.6), "round": (0.0, 0.02)},
        BODY,
        lambda p, s: (sdf.cone(p, s.r, 0.02, s.h, s.round),),
    ),
    Kind("torus", {"major": (0.36, 0.42), "minor": (0.11, 0.17)}, BODY, lambda p, s: (sdf.torus(p, s.major, s.minor),)),
)
