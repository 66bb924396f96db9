"""The ideal surface of a generated object: its kind, with the proportions that fit the object best.

A prompt does not specify proportions. Differences from the ideal surface are therefore flaws of the surface, not another choice of
proportions.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from torch import Tensor

from ...asset.field_sampler import FieldSampler
from ...asset.surface import extract_surface
from ...config.mesh import MeshSettings
from ...inputs.mesh_field import sample_faces
from ..world.kinds import KINDS
from ..world.scene import Objects, middle_sizes, place
from ..world.tracer import normals_at
from .occupancy import ReferenceShape

SPACING = 0.008  # of the points on the surface, world units
FIT_POINTS, FIT_STEPS, FIT_RATE = 4096, 120, 0.02
_SPARSE = 40  # one of 40 points is used to find corners
_NEIGHBORS = 24  # nearest points, up to about 0.06 away, that decide whether a point is at a corner
_CORNER = 0.9  # length of their mean normal, below which it is

Floats = NDArray[np.float64]


class Ideal:
    """The true surface of a kind. points, normals [P, 3]: evenly spread on its outside."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self.points, self.normals = self._sample()

    @cached_property
    def tree(self) -> cKDTree:
        return cKDTree(self.points)

    def part_distances(self, points: Floats) -> Floats:
        """points [N, 3] -> signed distance to each part [N, K], negative inside."""
        at = torch.from_numpy(points).float()
        chunks = [self._objects.distances(part, _owner(part)) for part in at.split(1 << 16)]
        return torch.cat(chunks).double().numpy()

    def distance(self, points: Floats) -> Floats:
        """points [N, 3] -> signed distance to the object [N]."""
        nearest: Floats = self.part_distances(points).min(1)
        return nearest

    def normals_at(self, points: Floats) -> Floats:
        """points [N, 3] near the surface -> unit normals of the ideal surface there [N, 3]."""
        at = torch.from_numpy(points).float()
        chunks = [normals_at(self._objects, part, _owner(part)) for part in at.split(1 << 16)]
        return torch.cat(chunks).double().numpy()

    def is_convex_corner(self, points: Floats) -> NDArray[np.bool_]:
        """Whether points [N, 3] are nearest to a convex edge or corner -> [N]. Well-rounded edges do not count."""
        centers, normals = self.points[::_SPARSE], self.normals[::_SPARSE]
        tree = cKDTree(centers)
        _, near = tree.query(centers, _NEIGHBORS)
        is_bent = np.linalg.norm(normals[near].mean(1), axis=1) < _CORNER
        is_convex = ((centers[near].mean(1) - centers) * normals).sum(1) < 0
        found: NDArray[np.bool_] = (is_bent & is_convex)[tree.query(points)[1]]
        return found

    def _sample(self) -> tuple[Floats, Floats]:
        """Points on a mesh of the shape, moved onto the exact surface."""
        settings = MeshSettings(iso_level=1.0, smoothing=0, face_budget=200_000, normal_px=0)
        shape = ReferenceShape(self._objects)
        mesh = extract_surface(FieldSampler(shape, settings.chunk_points), settings).mesh
        corners = mesh.corners
        face, weights = sample_faces(corners, SPACING)
        points = (corners[face] * weights[..., None]).sum(1)
        for _ in range(2):
            points = points - self.distance(points)[:, None] * self.normals_at(points)
        return points, self.normals_at(points)


def _owner(points: Tensor) -> Tensor:
    return torch.zeros(len(points), dtype=torch.long)


def fit(kind: str, points: Floats) -> Ideal:
    """Fits the proportions, the place, and the size of a kind to points on a surface [N, 3].

    Minimizes the mean distance of the points from the surface. Proportions stay within the ranges of the kind.
    """
    world = KINDS[kind]
    at = torch.from_numpy(points[:: max(1, len(points) // FIT_POINTS)]).float()
    center, scale = place(world, middle_sizes(world))
    ranges = torch.tensor(list(world.sizes.values()))
    share = torch.full((len(ranges),), 0.5, requires_grad=True)
    shift, growth = torch.zeros(1, 3, requires_grad=True), torch.zeros(1, requires_grad=True)
    slow: dict[str, Any] = {"params": [shift, growth], "lr": 0.2 * FIT_RATE}
    optimizer = torch.optim.Adam([{"params": [share]}, slow], FIT_RATE)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, FIT_STEPS)
    for _ in range(FIT_STEPS):
        objects = _objects(kind, ranges, share, center + shift, scale * growth.exp())
        loss = objects.distances(at, _owner(at)).amin(-1).abs().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        with torch.no_grad():
            share.clamp_(0, 1)
    with torch.no_grad():
        return Ideal(_objects(kind, ranges, share, center + shift, scale * growth.exp()))


def _objects(kind: str, ranges: Tensor, share: Tensor, center: Tensor, scale: Tensor) -> Objects:
    values = ranges[:, 0] + share * (ranges[:, 1] - ranges[:, 0])
    sizes = {name: value[None] for name, value in zip(KINDS[kind].sizes, values, strict=True)}
    return Objects(KINDS[kind], sizes, center, scale, torch.zeros(1, len(KINDS[kind].parts), 3))
