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
    Kind(
        "cylinder",
        {"r": (0.25, 0.34), "h": (0.38, 0.5), "round": (0.0, 0.02)},
        BODY,
        lambda p, s: (sdf.cylinder(p, s.r, s.h, s.round),),
    ),
    Kind("pyramid", {"a": (0.42, 0.52), "h": (0.32, 0.42)}, BODY, lambda p, s: (sdf.pyramid(p, s.a, s.h),)),
    Kind(
        "capsule",
        {"r": (0.2, 0.26), "h": (0.24, 0.34)},
        BODY,
        lambda p, s: (sdf.capsule(p, (0.0, 0.0, -s.h), (0.0, 0.0, s.h), s.r),),
    ),
    # The slope rises to the back.
    Kind(
        "wedge",
        {"w": (0.3, 0.4), "d": (0.4, 0.5), "h": (0.24, 0.32)},
        BODY,
        lambda p, s: (sdf.wedge(p, s.w, s.d, s.h),),
    ),
)
