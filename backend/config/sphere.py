"""Settings of the deformed sphere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from .doc import Doc, check_ranges


@dataclass(frozen=True)
class SphereSettings:
    """The sphere that is deformed and painted, `sphere.scene.SphereScene`. Only the field kind "sphere" uses them.

    Raises:
        UserError: a value is out of its range (code "settings").
    """

    # As in CLIP-Mesh, whose sphere has about 600 vertices.
    subdivisions: Annotated[
        int, Doc("Subdivisions of the icosahedron; 3 give 642 vertices, each more about four times as many", "", 1, 6)
    ] = 3
    radius: Annotated[float, Doc("Radius at the start", "scene units", 0.05, 1.0)] = 0.4
    texture_px: Annotated[
        int, Doc("Side of the learned texture and normal map; the files have the sizes of the mesh", "pixels", 32, 2048)
    ] = 128

    def __post_init__(self) -> None:
        check_ranges(self, "field.sphere")
