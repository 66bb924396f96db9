"""Which voxels are inside of a mesh that may be open, overlapping or not manifold."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, map_coordinates
from scipy.spatial.transform import Rotation

from ..asset.raster import rasterize

INSIDE = 0.5  # winding number above which a point is inside
TURNS = 6  # random orientations besides the axes
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
    inside = np.abs(winding_numbers(corners, resolution, bound)) > INSIDE
    spacing = 2 * bound / (resolution - 1)
    if not inside.any():  # a sheet: as thick as a voxel
        inside = _shell(corners, resolution, bound)
    within = distance_transform_edt(inside) - 0.5
    outside = distance_transform_edt(~inside) - 0.5
    result: Volume = (np.where(inside, -within, outside) * spacing).astype(np.float32)
    return result


def winding_numbers(corners: Floats, resolution: int, bound: float) -> Volume:
    """Generalized winding numbers (Jacobson et al. 2013) at the voxels, [D, H, W].

    The winding number is the mean over all directions of the signed number of surfaces that a ray crosses. Here, the mean is
    taken over the two directions of each axis in several orientations: exact for closed meshes, also if they overlap, and
    close for meshes with holes.
    """
    axes = [np.eye(3), np.eye(3)[[1, 2, 0]], np.eye(3)[[2, 0, 1]]]
    total = np.zeros((resolution,) * 3, np.float32)
    for turn in axes:
        total += _sample(_along_z(corners @ turn.T, resolution, bound), turn, resolution, bound, bound)
    for turn in Rotation.random(TURNS, random_state=0).as_matrix():
        size = int(resolution * REACH)
        volume = _along_z(corners @ turn.T, size, REACH * bound)
        total += _sample(volume, turn, resolution, bound, REACH * bound)
    return (total / (len(axes) + TURNS)).astype(np.float32)


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


def _sample(volume: Volume, turn: Floats, resolution: int, bound: float, volume_bound: float) -> Volume:
    """The values of a turned cube of half side `volume_bound` at the voxels of the cube, nearest neighbor."""
    axis = np.linspace(-bound, bound, resolution)
    z, y, x = np.meshgrid(axis, axis, axis, indexing="ij")
    turned = np.stack((x, y, z), -1) @ turn.T
    index = (turned[..., ::-1] + volume_bound) * ((len(volume) - 1) / (2 * volume_bound))
    found: Volume = map_coordinates(volume, np.moveaxis(index, -1, 0), order=0, mode="constant")
    return found


def _shell(corners: Floats, resolution: int, bound: float) -> NDArray[np.bool_]:
    """The voxels that the surface passes through."""
    from ..paint.surface_grid import surface_points

    spacing = 2 * bound / (resolution - 1)
    points = surface_points(corners, spacing / 2)
    x, y, z = ((points + bound) / spacing).round().astype(np.int64).clip(0, resolution - 1).T
    found = np.zeros((resolution,) * 3, bool)
    found[z, y, x] = True
    return found
