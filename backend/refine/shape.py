"""The vertices as something that learns: smooth displacements that neither fold the surface nor push it through itself."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from torch import Tensor, nn

from ..asset import topology
from ..asset.topology import Mesh
from .contour import Edges, edges_of
from .render import face_crosses

HALVINGS = 3  # of a vertex' step, before it is taken back altogether
SMALLEST_AREA = 0.1  # of a face's own at the start
MOST_TURN = 0.3  # the least cosine between a face's normal and its own at the start
SHARPEST = -0.5  # the least cosine between the normals of neighbors that were not sharper at the start
OWN_SIDE = 0.45  # of the way to another sheet: two that come towards each other do not meet


class Displacements(nn.Module):
    """vertices = start + smoothed(latent) + held.

    Averaging between neighbors is built in (as a preconditioner: Nicolet et al. 2021, section 3), because every single
    vertex' gradient is noise; what many of them agree on passes. `held` is what `hold_back` took from the steps.

    Args:
        smoothing: rounds of averaging.
        reach: units of length.
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
        self.edges: Edges = edges_of(mesh, device)
        buffer("start", mesh.vertices)
        buffer("faces", mesh.faces)
        buffer("limit", room_of(mesh, reach))
        degree = np.bincount(mesh.faces.ravel(), minlength=len(mesh.vertices))  # closed: as many edges as faces
        buffer("degree", degree.clip(1)[:, None].astype(np.float32))
        buffer("start_crosses", face_crosses(self.start, self.faces))
        buffer("start_cosines", self._cosines(self.start_crosses))
        buffer("edge_length", _lengths(mesh).mean()[None])
        buffer("held", np.zeros_like(mesh.vertices), saved=True)
        buffer("accepted", np.zeros_like(mesh.vertices), saved=True)
        self.latent = nn.Parameter(torch.zeros_like(self.start))

    def offsets(self) -> Tensor:
        """[V, 3], with a gradient."""
        smooth: Tensor = self.latent
        for _ in range(self.smoothing):
            smooth = 0.5 * (smooth + self._mean_of_neighbors(smooth))
        return smooth + self.held

    def forward(self) -> Tensor:
        return self.start + self.offsets()

    def laplacian(self, offsets: Tensor) -> Tensor:
        """Mean squared distance between a displacement and its neighbors' mean, in edge lengths."""
        apart = (offsets - self._mean_of_neighbors(offsets)) / self.edge_length
        return apart.square().sum(-1).mean()

    def sharpening(self, vertices: Tensor) -> Tensor:
        """Mean over edges of how much the cosine between the two faces' normals has fallen below what it was."""
        return (self.start_cosines - self._cosines(face_crosses(vertices, self.faces))).clamp_min(0).mean()

    @torch.no_grad()
    def hold_back(self) -> int:
        """After a step: takes back as much of it as would leave a vertex' room or fold a face; how many vertices that were."""
        wanted = self.offsets()
        length = wanted.norm(dim=-1, keepdim=True)
        inside = wanted * (self.limit[:, None] / length.clamp_min(1e-20)).clamp_max(1)
        share = torch.ones_like(length)
        halvings = 0
        while True:
            offsets = torch.lerp(self.accepted, inside, share)
            # Where nothing is left of a step its faces are as they were accepted: this ends.
            bad = self._is_spoilt(self.start + offsets) & (share[self.faces] > 0).any(1)[:, 0]
            if not bad.any():
                break
            share[self.faces[bad].unique()] *= 0.5 if halvings < HALVINGS else 0.0
            halvings += 1
        self.held += offsets - wanted
        self.accepted.copy_(offsets)
        return int(((offsets - wanted).norm(dim=-1) > 1e-7).sum())

    def _is_spoilt(self, vertices: Tensor) -> Tensor:
        """[F]: turned over, shrunk to nothing, or folded onto a neighbor."""
        crosses, before = face_crosses(vertices, self.faces), self.start_crosses
        area, area_before = crosses.norm(dim=-1), before.norm(dim=-1)
        spoilt = (area < SMALLEST_AREA * area_before) | ((crosses * before).sum(-1) < MOST_TURN * area * area_before)
        sharp = self._cosines(crosses) < torch.minimum(
            self.start_cosines - 1e-3, self.start_cosines.new_tensor(SHARPEST)
        )
        pairs = self.edges.faces[sharp]
        spoilt[pairs[pairs >= 0]] = True
        return spoilt

    def _cosines(self, crosses: Tensor) -> Tensor:
        """[E] of the angle between the normals of each edge's faces; 1 at a border."""
        normals = torch.nn.functional.normalize(crosses, dim=-1, eps=1e-20)
        one, other = self.edges.faces.T
        return torch.where(other < 0, 1.0, (normals[one] * normals[other.clamp_min(0)]).sum(-1))

    def _mean_of_neighbors(self, values: Tensor) -> Tensor:
        one, other = self.edges.ends.T
        summed = torch.zeros_like(values).index_add(0, one, values[other]).index_add(0, other, values[one])
        return summed / self.degree


def room_of(mesh: Mesh, reach: float) -> NDArray[np.float64]:
    """[V]: how far each vertex may go: `reach`, or less than half of the way to a sheet that faces the other way.

    Vertices are compared by place and normal together. One that faces exactly away counts with its distance, one that
    faces the same way with 2 `reach` more, corners with something in between: the room gets smaller gradually.
    """
    if reach <= 0:
        return np.zeros(len(mesh.vertices))
    normals = reach * topology.vertex_normals(mesh)
    tree = cKDTree(np.c_[mesh.vertices, normals])
    distance, _ = tree.query(np.c_[mesh.vertices, -normals])
    room: NDArray[np.float64] = (OWN_SIDE * distance).clip(0, reach)
    return room


def _lengths(mesh: Mesh) -> NDArray[np.float64]:
    lengths: NDArray[np.float64] = np.linalg.norm(np.roll(mesh.corners, -1, 1) - mesh.corners, axis=2)
    return lengths
