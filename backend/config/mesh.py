"""Settings of the mesh and its textures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from .doc import Doc, check_ranges

Format = Literal["obj", "ply", "stl", "usd"]


@dataclass(frozen=True)
class MeshSettings:
    """How a field becomes a textured mesh: extraction, bake, and file formats.

    Raises:
        UserError: a value is out of its range (code "settings").
    """

    resolution: Annotated[int, Doc("Grid cells along the longest side of the object", "cells", 16, 1024)] = 128
    coarse_resolution: Annotated[
        int, Doc("Samples along each side of the volume in the pass that locates the object", "samples", 16, 256)
    ] = 64
    iso_level: Annotated[
        float,
        Doc("Density at the surface; 0: chosen from the opacity of the field", "1 / scene unit", 0.0, 1e6),
    ] = 0.0
    iso_factor: Annotated[
        float,
        Doc("Factor on the chosen iso level; above 1 the surface moves inward, which suits soft edges", "", 0.1, 10.0),
    ] = 1.0
    blur: Annotated[
        float,
        Doc(
            "Standard deviation of the blur that removes bumps before the surface is extracted; 0: off",
            "percent of the volume's side",
            0.0,
            10.0,
        ),
    ] = 0.0
    component_share: Annotated[
        float, Doc("Smallest component that is kept, as a share of the largest component's volume", "", 0.0, 1.0)
    ] = 0.05
    smoothing: Annotated[
        int, Doc("Iterations of Taubin smoothing, which preserves the volume; 0: off", "iterations", 0, 100)
    ] = 5
    fairing: Annotated[
        int, Doc("Rounds of a bilateral filter, which removes bumps and keeps edges; 0: off", "rounds", 0, 1000)
    ] = 0
    face_budget: Annotated[int, Doc("Largest number of triangles", "triangles", 100, 2_000_000)] = 20_000
    texture_px: Annotated[int, Doc("Side of the albedo texture", "pixels", 64, 8192)] = 1024
    padding_px: Annotated[int, Doc("Gap between UV charts", "pixels", 1, 64)] = 4
    bake_samples: Annotated[int, Doc("Samples along the normal at each texel", "samples", 1, 64)] = 5
    bake_depth: Annotated[
        float, Doc("Distance of the bake's samples to either side of the surface", "coarse samples", 0.0, 16.0)
    ] = 1.5
    chunk_points: Annotated[
        int, Doc("Points per query of the field; lower values save memory", "points", 4096, 1 << 24)
    ] = 1 << 18
    normal_px: Annotated[int, Doc("Side of the normal map; 0: no normal map", "pixels", 0, 8192)] = 512
    roughness: Annotated[float, Doc("Roughness of the material", "", 0.0, 1.0)] = 0.7
    roughness_px: Annotated[int, Doc("Side of the roughness map; 0: no roughness map", "pixels", 0, 8192)] = 0
    formats: Annotated[tuple[Format, ...], Doc("File formats to write in addition to mesh.glb")] = ()

    def __post_init__(self) -> None:
        check_ranges(self, "mesh")
