"""Settings of the refinement of a finished mesh."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from .doc import Doc, check_ranges
from .schedules import Schedule


@dataclass(frozen=True)
class RefineSettings:
    """Optimizes the albedo texture and the vertices of the finished mesh. Off with 0 steps.

    Schedules run over the refinement's own steps. Cameras, lights and styles are drawn as in the main optimization.
    Both rates are Adam learning rates that fall to a tenth by the end; 0 freezes that part.

    Raises:
        UserError: a value is out of its range (code "settings").
    """

    steps: Annotated[int, Doc("Refinement steps; 0: off", "steps", 0, 1_000_000)] = 0
    views: Annotated[int, Doc("Views per step", "views", 1, 64)] = 1
    render_px: Annotated[int, Doc("Side of the rendered views", "pixels", 16, 2048)] = 128
    # About as many texels as there are pixels that show the object: a finer texture would get gradients in single texels.
    correction_px: Annotated[int, Doc("Side of the learned texture correction", "pixels", 16, 4096)] = 256
    t_low: Annotated[Schedule, Doc("Lower end of the timesteps, as a share of the schedule", "", 0.0, 0.5)] = 0.02
    # More noise would change the object instead of improving it.
    t_high: Annotated[Schedule, Doc("Upper end of the timesteps, as a share of the schedule", "", 0.001, 0.5)] = 0.5
    # A low scale reduces saturated colors again.
    guidance_scale: Annotated[
        Schedule, Doc("Classifier-free guidance scale; large models need higher values", "", 0.0, 1000.0)
    ] = 2.0
    albedo_rate: Annotated[float, Doc("Learning rate of the albedo, in sRGB", "", 0.0, 1.0)] = 0.01
    vertex_rate: Annotated[float, Doc("Learning rate of the vertices", "scene units", 0.0, 0.1)] = 0.0
    reach: Annotated[
        float, Doc("Largest displacement of a vertex; smaller near another surface", "scene units", 0.0, 0.5)
    ] = 0.03
    smoothing: Annotated[
        int, Doc("Iterations of neighbor averaging applied to the displacements", "iterations", 0, 100)
    ] = 12
    total_variation: Annotated[float, Doc("Weight of the texture correction's total variation", "", 0.0, 1e6)] = 1.0
    # A higher weight holds back both copies of a seam vertex, and the seam becomes visible.
    seams: Annotated[float, Doc("Weight of color differences across UV seams", "", 0.0, 1e6)] = 0.05
    laplacian: Annotated[float, Doc("Weight of the Laplacian of the displacements", "", 0.0, 1e6)] = 1.0
    normals: Annotated[float, Doc("Weight against dihedral angles that become sharper than before", "", 0.0, 1e6)] = 1.0

    def __post_init__(self) -> None:
        check_ranges(self, "refine")

    @property
    def is_on(self) -> bool:
        return self.steps > 0 and (self.albedo_rate > 0 or self.vertex_rate > 0)
