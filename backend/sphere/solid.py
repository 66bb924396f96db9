"""The inside of the deformed sphere as a field, so that it is measured like the other scenes."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from ..maths.color import srgb_decode
from ..refine.texture import TextureLookup
from .surface import SphereSurface

BOUND = 0.62  # half the side of the cube, as that of the voxel grid
RADIUS = 0.55  # of the sphere that the other scenes' objects just fit
DENSITY = 100.0  # inside; per unit of length
SURFACE_DENSITY = DENSITY / 2
PAIRS_AT_ONCE = 1 << 20  # of a point and a face: about 100 bytes each


class MeshSolid:
    """See `fields.base.Field`. The density is `DENSITY` inside and 0 outside, also where the surface meets itself.

    The mesh is moved and scaled to just fit the sphere of `RADIUS`: its views have random distances, so that nothing
    determines its size.
    """

    bound = BOUND

    @torch.no_grad()
    def __init__(self, surface: SphereSurface) -> None:
        vertices = surface.vertices()
        centered = vertices - (vertices.amin(0) + vertices.amax(0)) / 2
        self._vertices = centered * (RADIUS / centered.norm(dim=1).max().clamp_min(1e-9))
        self._corners = self._vertices[surface.mesh.faces]
        self.device = self._vertices.device
        uv = torch.zeros_like(self._vertices[:, :2])
        source = torch.from_numpy(surface.unwrapped.source).to(self.device)
        uv[source] = surface.mesh.uv  # any of a vertex's texture coordinates
        self._colors = TextureLookup(srgb_decode(surface.albedo()))(uv)

    def density(self, points: Tensor) -> Tensor:
        """points [N, 3] -> density [N]."""
        found = torch.zeros(len(points), device=points.device)
        low, high = self._vertices.amin(0), self._vertices.amax(0)
        near = torch.nonzero(((points >= low) & (points <= high)).all(1))[:, 0]
        for rows in near.split(max(1, PAIRS_AT_ONCE // len(self._corners))):
            found[rows] = DENSITY * self._winding(points[rows]).clamp(0, 1)
        return found

    def query(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """points [N, 3] -> density [N], and the albedo [N, 3] of the nearest vertex."""
        parts = points.split(max(1, PAIRS_AT_ONCE // len(self._vertices)))
        nearest = torch.cat([torch.cdist(part, self._vertices).argmin(1) for part in parts])
        return self.density(points), self._colors[nearest]

    def _winding(self, points: Tensor) -> Tensor:
        """How often the surface encloses points [N, 3], by the faces' solid angles (van Oosterom and Strackee 1983)."""
        a, b, c = (self._corners[None, :, corner] - points[:, None] for corner in range(3))
        la, lb, lc = (side.norm(dim=-1) for side in (a, b, c))
        volume = (a * torch.linalg.cross(b, c)).sum(-1)
        around = la * lb * lc + (a * b).sum(-1) * lc + (b * c).sum(-1) * la + (c * a).sum(-1) * lb
        return torch.atan2(volume, around).sum(1) / (2 * math.pi)
