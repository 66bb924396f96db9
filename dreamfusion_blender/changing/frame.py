"""Where the frame of a job is in the space of an object: an affine transform, found from points that are known in both.

Nothing has to be stored when an object is imported, and applied transforms do no harm.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..texturing.surface import read

Floats = NDArray[np.float64]
TOLERANCE = 1e-4  # of the size of the object
FRONT_STEP_DEG = 5


def fit(points: Floats, images: Floats) -> Floats | None:
    """The affine transform [4, 4] that maps points [N, 3] to images [N, 3]. None without exactly one."""
    matrix = nearest(points, images)
    if matrix is None:
        return None
    size = float(np.ptp(images, axis=0).max())
    error = np.abs(transform(matrix, points) - images).max()
    is_flat = abs(np.linalg.det(matrix[:3, :3])) < 1e-12 * size**3
    return matrix if error <= TOLERANCE * size and not is_flat else None


def nearest(points: Floats, images: Floats) -> Floats | None:
    """The affine transform [4, 4] that maps points [N, 3] as closely as possible to images [N, 3]. None without exactly one."""
    if len(points) != len(images) or len(points) < 4 or not np.isfinite(images).all():
        return None
    center, middle = points.mean(0), images.mean(0)
    linear, _, rank, _ = np.linalg.lstsq(points - center, images - middle, rcond=1e-7)
    if rank < 3:
        return None
    matrix = np.eye(4)
    matrix[:3, :3], matrix[:3, 3] = linear.T, middle - center @ linear
    return matrix


def front_of(points: Floats, uv: Floats, images: Floats, image_uv: Floats) -> float:
    """Where the front of a mesh, -y, is after an edit: azimuth in degrees, counterclockwise from above.

    Edits of the shape keep the texture coordinates, which tell where a corner is now, also after a rotation was applied. The result is
    rounded, so that sculpting does not turn an object. 0 if too few corners are left.

    Args:
        points, uv: the corners of the mesh, [N, 3], and their texture coordinates, [N, 2].
        images, image_uv: the same of the edited mesh, in any order and number.
    """
    _, first, second = np.intersect1d(_keys(uv), _keys(image_uv), return_indices=True)
    matrix = nearest(points[first], images[second])
    if matrix is None:
        return 0.0
    x, y, _ = -matrix[:3, 1]
    return float(round(math.degrees(math.atan2(x, -y)) / FRONT_STEP_DEG) * FRONT_STEP_DEG % 360)


def _keys(uv: Floats) -> NDArray[np.int64]:
    """[N]: a number for each texture coordinate [N, 2], the same for equal ones."""
    u, v = (uv.astype(np.float64).clip(-1, 2) * 1e5).round().astype(np.int64).T
    keys: NDArray[np.int64] = u * (1 << 20) + v
    return keys


def transform(matrix: Floats, points: Floats) -> Floats:
    """Points [N, 3] transformed by a matrix [4, 4]."""
    moved: Floats = points @ matrix[:3, :3].T + matrix[:3, 3]
    return moved


def vertices_of(mesh: Any) -> Floats:
    """[V, 3]: the vertices of a mesh in its own space."""
    flat = read(mesh.vertices, "co", 3 * len(mesh.vertices), np.float32)
    return flat.reshape(-1, 3).astype(np.float64)  # type: ignore[no-any-return]


def corners_of(mesh: Any) -> Floats:
    """[L, 3]: the positions of the corners of all faces in order, in the space of the mesh."""
    corners = read(mesh.loops, "vertex_index", len(mesh.loops), np.int32)
    return vertices_of(mesh)[corners]
