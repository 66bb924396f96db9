"""How a field becomes a mesh. Standard library only: presets and the command line read this too."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

from ..errors import UserError

Format = Literal["obj", "ply", "stl", "usd"]

# The range that each number may have; a value outside of it is a person's, so the message is for a person.
_RANGES: dict[str, tuple[float, float]] = {
    "resolution": (16, 1024),
    "coarse_resolution": (16, 256),
    "iso_level": (0.0, 1e6),
    "iso_factor": (0.1, 10.0),
    "component_share": (0.0, 1.0),
    "smoothing": (0, 100),
    "face_budget": (100, 2_000_000),
    "texture_px": (64, 8192),
    "padding_px": (1, 64),
    "bake_samples": (1, 64),
    "bake_depth": (0.0, 16.0),
    "chunk_points": (4096, 1 << 24),
    "normal_px": (0, 8192),
    "roughness_px": (0, 8192),
    "roughness": (0.0, 1.0),
}


@dataclass(frozen=True)
class MeshSettings:
    """Everything that the extraction, the bake and the file need to know.

    Raises:
        UserError: a value is out of its range (code "settings").
    """

    resolution: int = 128  # cells along the longest side of the object, not of the volume
    coarse_resolution: int = 64  # samples along each side of the volume, where opacity is measured and the object found
    iso_level: float = 0.0  # density at the surface, per unit of length; 0: chosen from the field's own opacity
    iso_factor: float = 1.0  # times the level so chosen: above 1 the surface lies further inside, for soft rims
    component_share: float = 0.05  # keep what has at least this share of the largest component's volume
    smoothing: int = 5  # rounds of Taubin smoothing, which keeps the volume; 0: none
    face_budget: int = 20_000  # triangles at most
    texture_px: int = 1024  # side of the albedo texture
    padding_px: int = 4  # between charts; beyond it the nearest chart's color goes on
    bake_samples: int = 5  # along the normal at every texel
    bake_depth: float = 1.5  # how far those reach to either side, in samples of the coarse grid
    chunk_points: int = 1 << 18  # points in one question to the field: bounds the memory
    normal_px: int = 512  # side of the normal map from the surface before it was simplified; 0: none
    roughness: float = 0.7  # of the material; a field does not know it
    roughness_px: int = 0  # side of a map that widens it where the surface is uneven, see `gloss`; 0: none
    formats: tuple[Format, ...] = ()  # further files beside mesh.glb

    def __post_init__(self) -> None:
        for name in (entry.name for entry in fields(self) if entry.name in _RANGES):
            low, high = _RANGES[name]
            value = getattr(self, name)
            if not low <= value <= high:
                raise UserError(
                    f"The mesh setting '{name}' is {value} and must be between {low:g} and {high:g}.", "settings"
                )
