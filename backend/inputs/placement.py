"""The one transform between the scene and the frame in which jobs run."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .mesh_file import InputMesh

RADIUS = 0.53  # of a mesh's sphere; the cameras frame a sphere of 0.55

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Placement:
    """p_frame = R (p_world - center) / unit, where R turns the front to -y.

    Attributes:
        center: world units.
        unit: world units per unit of the frame.
        front_deg: see `InputMesh`.
    """

    center: tuple[float, float, float]
    unit: float
    front_deg: float = 0.0

    @staticmethod
    def of(points: Floats, front_deg: float = 0.0) -> Placement:
        """Fits points [N, 3] into the sphere of `RADIUS` around the origin."""
        low, high = points.min(0), points.max(0)
        center = (low + high) / 2
        reach = float(np.linalg.norm(points - center, axis=1).max())
        x, y, z = (float(value) for value in center)
        return Placement((x, y, z), max(reach, 1e-12) / RADIUS, front_deg)

    @staticmethod
    def of_mesh(mesh: InputMesh) -> Placement:
        """Fits the faces of a mesh into the frame, with its front towards -y."""
        return Placement.of(mesh.vertices[np.unique(mesh.faces)], mesh.front_deg)

    def to_frame(self, points: Floats) -> Floats:
        """Points [N, 3] of the world in the frame of the job."""
        turned: Floats = (points - np.array(self.center)) @ self._rotation.T / self.unit
        return turned

    def to_world(self, points: Floats) -> Floats:
        """The inverse of `to_frame`."""
        placed: Floats = (points * self.unit) @ self._rotation + np.array(self.center)
        return placed

    @property
    def matrix(self) -> Floats:
        """[4, 4]: `to_world` as a matrix."""
        result = np.eye(4)
        result[:3, :3] = self.unit * self._rotation.T
        result[:3, 3] = self.center
        return result

    @property
    def _rotation(self) -> Floats:
        angle = -math.radians(self.front_deg)
        c, s = math.cos(angle), math.sin(angle)
        return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])
