"""Which voxels are inside of a mesh that may be open, overlapping or not manifold."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation, distance_transform_edt, map_coordinates
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree
from scipy.spatial.transform import Rotation

from ..asset.raster import rasterize
from .sampling import surface_points

INSIDE = 0.5  # winding number above which a point is inside
TURNS = 6  # random orientations besides the axes
FINENESS = 4  # points on the surface per voxel, along each axis
NEAR = 2.5  # voxels from the surface within which distances are exact
REACH = 1.75  # half the side of the turned cubes, as a multiple of the cube's: above the square root of 3

Floats = NDArray[np.float64]
Volume = NDArray[np.float32]


def signed_distance(corners: Floats, resolution: int, bound: float) -> Volume:
    """Distance to the surface of the solid, [D, H, W] (z, y, x), negative inside, in the unit of `bound`.

    Args:
        corners: triangles [F, 3, 3].
        resolution: voxels along each side of the cube, including its faces.
        bound: half the side of the cube.
    """
    inside = np.abs(winding_numbers(outward(corners), resolution, bound)) > INSIDE
    spacing = 2 * bound / (resolution - 1)
    points = surface_points(corners, spacing / FINENESS)
    # Sheets, and parts that are thinner than a voxel, become as thick as one.
    inside |= _passed(points, resolution, bound) & ~binary_dilation(inside, np.ones((3, 3, 3)))
    within, outside = distance_transform_edt(inside), distance_transform_edt(~inside)
    distance = np.maximum(within, outside)  # to the nearest voxel on the other side, which the surface is before
    is_near = distance < NEAR
    exact, _ = cKDTree(points).query(_positions(is_near, bound))
    # In a hole of the mesh there is no surface nearby.
    distance[is_near] = np.minimum(exact / spacing, distance[is_near])
    distance[~is_near] -= 0.5
    result: Volume = (np.where(inside, -distance, distance) * spacing).astype(np.float32)
    return result


def outward(corners: Floats) -> Floats:
    """The triangles [F, 3, 3] with each connected part turned so that its volume is positive.

    Mirrored parts are often inside out. Where they overlap others, the winding numbers would cancel.
    """
    flat = corners.reshape(-1, 3)
    _, vertex = np.unique(flat.round(7), axis=0, return_inverse=True)
    a, b, c = vertex.reshape(-1, 3).T
    count = int(vertex.max()) + 1
    edges = coo_matrix((np.ones(2 * len(a)), (np.concatenate((a, a)), np.concatenate((b, c)))), shape=(count, count))
    _, part = connected_components(edges, directed=False)
    part = part[a]
    centers = np.stack([np.bincount(part, corners.mean(1)[:, k]) for k in range(3)], -1) / np.bincount(part)[:, None]
    first, second, third = np.moveaxis(corners - centers[part][:, None], 1, 0)
    volume = np.bincount(part, (np.cross(first, second) * third).sum(1))
    return np.where((volume < 0)[part][:, None, None], corners[:, ::-1], corners)


def winding_numbers(corners: Floats, resolution: int, bound: float) -> Volume:
    """Generalized winding numbers (Jacobson et al. 2013) at the voxels, [D, H, W].

    The winding number is the mean over all directions of the signed number of surfaces that a ray crosses. Here, the mean is
    taken over the two directions of each axis: exact for closed meshes, also if they overlap. Where these disagree, the mesh is
    open, and several more orientations are interpolated in turned grids: close for meshes with holes.
    """
    axes = [np.eye(3), np.eye(3)[[1, 2, 0]], np.eye(3)[[2, 0, 1]]]
    total = np.zeros((resolution,) * 3, np.float32)
    for turn in axes:
        total += _sample(_along_z(corners @ turn.T, resolution, bound), turn, resolution, bound, bound, order=0)
    along_axes: Volume = (total / len(axes)).astype(np.float32)
    is_whole = np.abs(along_axes - along_axes.round()) < 1e-3
    if is_whole.all():
        return along_axes
    for turn in Rotation.random(TURNS, random_state=0).as_matrix():
        size = int(resolution * REACH)
        volume = _along_z(corners @ turn.T, size, REACH * bound)
        total += _sample(volume, turn, resolution, bound, REACH * bound, order=1)
    return np.where(is_whole, along_axes, total / (len(axes) + TURNS)).astype(np.float32)


def _along_z(corners: Floats, size: int, bound: float) -> Volume:
    """Signed crossings of rays along z, the mean of both directions, at the points of a grid [z, y, x]."""
    scale = (size - 1) / (2 * bound)
    # Points of the grid are the centers of the rasterizer's pixels. A tiny shift avoids rays through edges of boxes.
    at = (corners[..., :2] + bound) * scale + 0.5 + np.array((1.3e-4, 2.7e-4))
    a, b, c = (corners[:, k] for k in range(3))
    sign = np.sign(np.cross(b - a, c - a)[:, 2])
    counted = np.zeros(size**2 * (size + 1), np.float32)
    for fragments in rasterize(at, size, size):
        z = (corners[fragments.triangle, :, 2] * fragments.weights).sum(1)
        # Number of grid points below the crossing.
        below = np.ceil((z + bound) * scale).clip(0, size).astype(np.int64)
        crossing = fragments.pixel * (size + 1) + below
        counted += np.bincount(crossing, sign[fragments.triangle], len(counted)).astype(np.float32)
    # Crossings above a point count with their sign, those below with the opposite one.
    passed = np.cumsum(counted.reshape(size, size, size + 1), axis=2)
    above = passed[..., -1:] - passed[..., :-1]
    mean = ((above - passed[..., :-1]) / 2).astype(np.float32)
    return np.moveaxis(mean, 2, 0)


def _sample(volume: Volume, turn: Floats, resolution: int, bound: float, volume_bound: float, *, order: int) -> Volume:
    """The values of a turned cube of half side `volume_bound` at the voxels of the cube: nearest, or linear (order 1)."""
    axis = np.linspace(-bound, bound, resolution)
    z, y, x = np.meshgrid(axis, axis, axis, indexing="ij")
    turned = np.stack((x, y, z), -1) @ turn.T
    index = (turned[..., ::-1] + volume_bound) * ((len(volume) - 1) / (2 * volume_bound))
    found: Volume = map_coordinates(volume, np.moveaxis(index, -1, 0), order=order, mode="constant")
    return found


def _passed(points: NDArray[np.float32], resolution: int, bound: float) -> NDArray[np.bool_]:
    """The voxels that the surface passes through."""
    spacing = 2 * bound / (resolution - 1)
    x, y, z = ((points + bound) / spacing).round().astype(np.int64).clip(0, resolution - 1).T
    found = np.zeros((resolution,) * 3, bool)
    found[z, y, x] = True
    return found


def _positions(mask: NDArray[np.bool_], bound: float) -> Floats:
    """The positions [N, 3] of the voxels of a mask."""
    z, y, x = np.nonzero(mask)
    found: Floats = np.stack((x, y, z), -1).astype(np.float64) * (2 * bound / (len(mask) - 1)) - bound
    return found
