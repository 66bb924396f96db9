"""The vertices as a parameter: smooth displacements that neither fold the surface nor make it intersect itself."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from torch import Tensor, nn

from ..asset import topology
from ..asset.topology import Mesh
from .contour import Edges, build_edges
from .render import face_crosses

MAX_HALVINGS = 3  # of a vertex's step, before the step is undone
MIN_AREA = 0.1  # smallest area of a face, as a share of its initial area
MIN_TURN_COSINE = 0.3  # smallest cosine between a face's normal and its initial normal
MIN_FOLD_COSINE = -0.5  # smallest cosine between the normals of adjacent faces, unless they were sharper initially
MAX_APPROACH = 0.45  # share of the distance to an opposite surface: below half, so that the two cannot meet


class Displacements(nn.Module):
    """vertices = start + smooth(latent) + held.

    Averaging over neighbors acts as a preconditioner (Nicolet et al. 2021, section 3): the gradient of a single vertex is
    noisy, and only what neighbors have in common passes. `held` is the correction by `limit_step`.

    Args:
        smoothing: rounds of averaging.
        reach: largest displacement, units of length.
    """

    start: Tensor
    faces: Tensor
    limit: Tensor
    degree: Tensor
    start_crosses: Tensor
    start_cosines: Tensor
    edge_length: Tensor
    held: Tensor
    accepted: Tensor

    def __init__(self, mesh: Mesh, smoothing: int, reach: float, device: torch.device) -> None:
        super().__init__()

        def buffer(name: str, value: Tensor | NDArray[np.generic], *, saved: bool = False) -> None:
            tensor = value if isinstance(value, Tensor) else torch.from_numpy(value)
            if tensor.is_floating_point():
                tensor = tensor.float()
            self.register_buffer(name, tensor.to(device), persistent=saved)

        self.smoothing = smoothing
        self.edges: Edges = build_edges(mesh, device)
        buffer("start", mesh.vertices)
        buffer("faces", mesh.faces)
        buffer("limit", displacement_limits(mesh, reach))
        # In a closed mesh, each vertex has as many edges as faces.
        degree = np.bincount(mesh.faces.ravel(), minlength=len(mesh.vertices))
        buffer("degree", degree.clip(1)[:, None].astype(np.float32))
        buffer("start_crosses", face_crosses(self.start, self.faces))
        buffer("start_cosines", self._cosines(self.start_crosses))
        buffer("edge_length", _edge_lengths(mesh).mean()[None])
        buffer("held", np.zeros_like(mesh.vertices), saved=True)
        buffer("accepted", np.zeros_like(mesh.vertices), saved=True)
        self.latent = nn.Parameter(torch.zeros_like(self.start))

    def offsets(self) -> Tensor:
        """Displacements [V, 3]. Gradients flow to the latent."""
        smooth: Tensor = self.latent
        for _ in range(self.smoothing):
            smooth = 0.5 * (smooth + self._mean_of_neighbors(smooth))
        return smooth + self.held

    def forward(self) -> Tensor:
        """Displaced vertices [V, 3]."""
        return self.start + self.offsets()

    def laplacian(self, offsets: Tensor) -> Tensor:
        """Mean squared distance between a displacement and the mean of its neighbors', in mean edge lengths."""
        difference = (offsets - self._mean_of_neighbors(offsets)) / self.edge_length
        return difference.square().sum(-1).mean()

    def sharpening(self, vertices: Tensor) -> Tensor:
        """Mean over edges of the decrease of the cosine between the two faces' normals since the start."""
        return (self.start_cosines - self._cosines(face_crosses(vertices, self.faces))).clamp_min(0).mean()

    @torch.no_grad()
    def limit_step(self) -> int:
        """Call after each step: shortens displacements that exceed their limit or make a face degenerate.

        Returns:
            The number of vertices that were changed.
        """
        proposed = self.offsets()
        length = proposed.norm(dim=-1, keepdim=True)
        inside = proposed * (self.limit[:, None] / length.clamp_min(1e-20)).clamp_max(1)
        share = torch.ones_like(length)
        halvings = 0
        while True:
            offsets = torch.lerp(self.accepted, inside, share)
            # Faces whose vertices' steps are all undone are as accepted before, so the loop ends.
            bad = self._is_degenerate(self.start + offsets) & (share[self.faces] > 0).any(1)[:, 0]
            if not bad.any():
                break
            share[self.faces[bad].unique()] *= 0.5 if halvings < MAX_HALVINGS else 0.0
            halvings += 1
        self.held += offsets - proposed
        self.accepted.copy_(offsets)
        return int(((offsets - proposed).norm(dim=-1) > 1e-7).sum())

    def _is_degenerate(self, vertices: Tensor) -> Tensor:
        """Whether each face has collapsed, turned over, or folded onto a neighbor: bool [F]."""
        crosses, before = face_crosses(vertices, self.faces), self.start_crosses
        area, area_before = crosses.norm(dim=-1), before.norm(dim=-1)
        has_turned = (crosses * before).sum(-1) < MIN_TURN_COSINE * area * area_before
        is_degenerate = (area < MIN_AREA * area_before) | has_turned
        limit = torch.minimum(self.start_cosines - 1e-3, self.start_cosines.new_tensor(MIN_FOLD_COSINE))
        pairs = self.edges.faces[self._cosines(crosses) < limit]
        is_degenerate[pairs[pairs >= 0]] = True
        return is_degenerate

    def _cosines(self, crosses: Tensor) -> Tensor:
        """Cosines [E] between the normals of each edge's two faces; 1 at a border."""
        normals = torch.nn.functional.normalize(crosses, dim=-1, eps=1e-20)
        one, other = self.edges.faces.T
        return torch.where(other < 0, 1.0, (normals[one] * normals[other.clamp_min(0)]).sum(-1))

    def _mean_of_neighbors(self, values: Tensor) -> Tensor:
        one, other = self.edges.ends.T
        summed = torch.zeros_like(values).index_add(0, one, values[other]).index_add(0, other, values[one])
        return summed / self.degree


def displacement_limits(mesh: Mesh, reach: float) -> NDArray[np.float64]:
    """Largest displacement of each vertex, [V]: `reach`, or 0.45 times the distance to an opposite surface if that is less.

    The squared distance combines position and normal: |p - q|^2 + reach^2 |n_p + n_q|^2. It is the spatial distance for
    opposite normals and grows to at least 2 `reach` for equal ones, so that the limit changes gradually at edges.
    """
    if reach <= 0:
        return np.zeros(len(mesh.vertices))
    normals = reach * topology.vertex_normals(mesh)
    tree = cKDTree(np.c_[mesh.vertices, normals])
    distance, _ = tree.query(np.c_[mesh.vertices, -normals])
    limits: NDArray[np.float64] = (MAX_APPROACH * distance).clip(0, reach)
    return limits


def _edge_lengths(mesh: Mesh) -> NDArray[np.float64]:
    lengths: NDArray[np.float64] = np.linalg.norm(np.roll(mesh.corners, -1, 1) - mesh.corners, axis=2)
    return lengths
