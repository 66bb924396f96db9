"""A mesh as a field: its density, its colors, and which part of it may change, at the voxels of a cube."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt
from scipy.spatial import cKDTree

from ..paint.surface import look_up
from .field_file import FieldVolume
from .mesh_file import InputMesh
from .solid import signed_distance

SURFACE = 20.0  # density at the surface, per unit of length
SHARPNESS = 12.0  # fall of the logarithm of the density, per voxel
LARGEST = 30.0  # logarithm of the density, far inside and outside
REACH = 3  # voxels outside of the surface that count as occupied
DARKEST = 0.03  # the logits of 0 and 1 are infinite, and the sigmoid's gradient vanishes near them
EDGE = 4.0  # voxels over which a region's border fades

Floats = NDArray[np.float64]
Volume = NDArray[np.float32]
Pictures = dict[int, NDArray[np.uint8]]


@dataclass(frozen=True)
class Voxels:
    """N^3 voxels (z, y, x) that span the cube from -bound to bound, its faces included."""

    size: int
    bound: float

    @property
    def spacing(self) -> float:
        return 2 * self.bound / (self.size - 1)

    def nearest(self, points: Floats) -> tuple[NDArray[np.int64], Floats]:
        """Which of the points [P, 3] is nearest to each voxel, and its distance, both [N, N, N]."""
        axis = np.linspace(-self.bound, self.bound, self.size)
        z, y, x = np.meshgrid(axis, axis, axis, indexing="ij")
        distance, index = cKDTree(points).query(np.stack((x, y, z), -1).reshape(-1, 3), workers=-1)
        return index.reshape(z.shape), distance.reshape(z.shape)


def field_of_mesh(source: InputMesh, vertices: Floats, pictures: Pictures, voxels: Voxels) -> FieldVolume:
    """A solid field with the surface and the present colors of a mesh.

    Args:
        vertices: those of the mesh, in the frame of the job, [V, 3].
        pictures: present textures, [H, W, 3] uint8 sRGB, top row first; see `InputMesh` for sheets without one.
    """
    corners = vertices[source.faces]
    face, weights = sample_faces(corners, voxels.spacing / 4)
    points = (corners[face] * weights[..., None]).sum(1)
    index, distance = voxels.nearest(points)
    # More precise than the signed distance, which counts whole voxels.
    distance *= np.sign(signed_distance(corners, voxels.size, voxels.bound)) / voxels.spacing
    log_density = (np.log(SURFACE) - SHARPNESS * distance).clip(-LARGEST, LARGEST)
    colors = _present_colors(source, face, weights, pictures).clip(DARKEST, 1 - DARKEST)
    albedo = np.moveaxis(np.log(colors / (1 - colors))[index], -1, 0)
    return FieldVolume(log_density.astype(np.float32), albedo.astype(np.float32), distance < REACH, voxels.bound)


def region_of_mesh(source: InputMesh, vertices: Floats, voxels: Voxels) -> Volume:
    """How much each voxel may change, [N, N, N]: as much as the mask of the nearest point of the mesh says.

    The border fades inside of the region, so that nothing outside of it changes.
    """
    corners = vertices[source.faces]
    face, weights = sample_faces(corners, voxels.spacing / 2)
    points = (corners[face] * weights[..., None]).sum(1)
    index, _ = voxels.nearest(points)
    mask = (source.mask[face] * weights).sum(1)[index]
    inside = distance_transform_edt(np.pad(mask > 0, 1, mode="edge"))[1:-1, 1:-1, 1:-1]
    region: Volume = (mask * (inside / EDGE).clip(0, 1)).astype(np.float32)
    return region


def sample_faces(corners: Floats, spacing: float) -> tuple[NDArray[np.int64], Floats]:
    """Evenly spread points on triangles [F, 3, 3]: their faces [P], and the weights of the faces' corners [P, 3]."""
    double_area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    count = np.ceil(double_area / (2 * spacing**2)).astype(np.int64).clip(1, None)
    face = np.repeat(np.arange(len(corners)), count)
    number = np.arange(len(face)) - np.repeat(np.cumsum(count) - count, count)
    # Additive recurrence with the plastic number: points of low discrepancy in a square, half of which are mirrored.
    a, b = (0.5 + number * 0.7548776662466927) % 1, (0.5 + number * 0.5698402909980532) % 1
    is_beyond = a + b > 1
    a, b = np.where(is_beyond, 1 - a, a), np.where(is_beyond, 1 - b, b)
    return face, np.stack((1 - a - b, a, b), -1)


def _present_colors(source: InputMesh, face: NDArray[np.int64], weights: Floats, pictures: Pictures) -> Floats:
    """[P, 3]: sRGB at points of the faces."""
    sheet = source.sheet[face]
    colors: Floats = source.colors[sheet] / 255.0
    if not source.has_uv:
        return colors
    uv = torch.from_numpy((source.uv[face] * weights[..., None]).sum(1)).float()
    for number, pixels in pictures.items():
        rows = np.flatnonzero(sheet == number)
        texture = torch.from_numpy(pixels).permute(2, 0, 1)[None].float() / 255
        colors[rows] = look_up([texture], torch.zeros(len(rows)), uv[rows]).double().numpy()
    return colors
