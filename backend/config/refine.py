"""How a finished mesh is refined. Standard library only: presets and the command line read this too."""

from __future__ import annotations

from dataclasses import dataclass, fields

from ..errors import UserError
from .schedules import Schedule, least, most

MOST_T = 0.5

# The range that each number may have, schedules at every step; the messages are for a person.
_RANGES: dict[str, tuple[float, float]] = {
    "steps": (0, 1_000_000),
    "views": (1, 64),
    "render_px": (16, 2048),
    "correction_px": (16, 4096),
    "t_low": (0.0, MOST_T),
    "t_high": (0.001, MOST_T),
    "guidance_scale": (0.0, 1000.0),
    "albedo_rate": (0.0, 1.0),
    "vertex_rate": (0.0, 0.1),
    "reach": (0.0, 0.5),
    "smoothing": (0, 100),
    "total_variation": (0.0, 1e6),
    "seams": (0.0, 1e6),
    "laplacian": (0.0, 1e6),
    "normals": (0.0, 1e6),
}


@dataclass(frozen=True)
class RefineSettings:
    """The refinement of a finished mesh; no steps: none. Schedules are over its own steps.

    Both rates are Adam's largest step, and fall to a tenth until the end: of the albedo in sRGB, of the vertices in units
    of length. A rate of 0 leaves that part alone. `views`, cameras, lights and styles are the main stage's kind.

    Raises:
        UserError: a value is out of its range (code "settings").
    """

    steps: int = 0
    views: int = 1  # a step
    render_px: int = 128  # the prior makes it smaller where it looks at less
    correction_px: int = 256  # side of the texture that is learned; about as many texels as pixels see the object
    t_low: Schedule = 0.02
    t_high: Schedule = 0.5  # at most: more noise asks for another object, not for a better one
    guidance_scale: Schedule = (
        2.0  # the libraries' convention; little brings saturated colors back, large models want more
    )
    albedo_rate: float = 0.01
    vertex_rate: float = 0.0
    reach: float = 0.03  # how far a vertex may get from its place; less where another sheet is near
    smoothing: int = 12  # rounds of averaging between neighbors that every displacement passes through
    total_variation: float = 1.0  # of the learned texture
    seams: float = 0.05  # how much copies of one vertex may differ in color; more holds both back, and a line is seen
    laplacian: float = 1.0  # of the displacements
    normals: float = 1.0  # against dihedral angles that get sharper than they were

    def __post_init__(self) -> None:
        for name in (entry.name for entry in fields(self)):
            low, high = _RANGES[name]
            value = getattr(self, name)
            if not (low <= least(value) and most(value) <= high):
                raise UserError(
                    f"The refinement setting '{name}' is {value} and must be between {low:g} and {high:g}.", "settings"
                )

        if most(self.t_low) > least(self.t_high):
            raise UserError(
                f"The refinement setting 't_low' is {self.t_low} and must not be above 't_high', {self.t_high}.",
                "settings",
            )

    @property
    def is_on(self) -> bool:
        return self.steps > 0 and (self.albedo_rate > 0 or self.vertex_rate > 0)
