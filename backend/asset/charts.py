"""Segments a surface into charts, each flattened by an orthographic projection.

xatlas can segment as well, but on the noisy surfaces of fields it takes 10 to 200 s for 50,000 faces and returns about
a thousand small charts. Projecting along six axes gives a few large charts in milliseconds; xatlas only packs them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from .raster import rasterize
from .topology import Array, Index, Mesh, face_crosses, twins

AXES = np.array([(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1)], float)
COHESION = 1.0  # weight of the agreement with neighboring faces, relative to the fit of the face's own normal
MIN_COSINE = 0.25  # between a face's normal and its projection axis: texels stretch by at most the inverse
MIN_COSINE_SMALL = 0.1  # the same for faces of small patches, where a stretched texel is better than another seam
SMALL = 0.01  # share of the total area below which a patch is merged into a neighbor
ROUNDS = 12
OVERLAP_PX = 4  # average size of a face in the raster that is used to find overlaps within a chart


@dataclass(frozen=True)
class Chart:
    """faces [n]: indices of faces of the mesh; flat [n, 3, 2]: projected corners, world units, counterclockwise."""

    faces: Index
    flat: Array


def cut_charts(mesh: Mesh, check: Callable[[], None] = lambda: None) -> list[Chart]:
    """Assigns every face to exactly one chart. Faces of the same chart do not overlap.

    check is called often. An exception that it raises ends the segmentation.
    """
    crosses = face_crosses(mesh)
    areas = np.linalg.norm(crosses, axis=1)
    normals = crosses / np.maximum(areas, 1e-30)[:, None]
    neighbors = _neighbors(mesh)
    lengths = np.linalg.norm(np.roll(mesh.corners, -1, 1) - mesh.corners, axis=2)
    axis = _choose_axes(normals, areas, neighbors, lengths)
    label = _patches(axis, neighbors)
    for _ in range(4):
        axis, changed = _join_small(axis, label, normals, areas, neighbors, lengths)
        label = _patches(axis, neighbors)
        if not changed:
            break
    return _flatten_patches(mesh, label, crosses, normals, axis, neighbors, check)


def _neighbors(mesh: Mesh) -> Index:
    """[F, 3]: the face across each edge, or the face itself at a boundary edge."""
    twin = twins(mesh).reshape(-1, 3)
    return np.where(twin >= 0, twin // 3, np.arange(len(mesh.faces))[:, None])


def _choose_axes(normals: Array, areas: Array, neighbors: Index, lengths: Array) -> Index:
    """[F]: the projection axis of each face, an index into `AXES`.

    Minimizes a Potts model with iterated conditional modes. Only half of the faces update in each round, so that two
    neighbors cannot swap axes indefinitely.
    """
    smooth = normals
    for _ in range(3):  # noisy normals would give ragged chart borders
        smooth = smooth * areas[:, None] + (smooth[neighbors] * areas[neighbors][..., None]).sum(1)
        smooth /= np.maximum(np.linalg.norm(smooth, axis=1, keepdims=True), 1e-30)
    fit = smooth @ AXES.T
    fit[normals @ AXES.T < MIN_COSINE] -= 4.0  # excludes axes that the face is turned away from
    axis = fit.argmax(1)
    weights = COHESION * lengths / np.maximum(lengths.sum(1, keepdims=True), 1e-30)
    half = np.random.default_rng(0).random(len(normals)) < 0.5
    for turn in range(ROUNDS):
        votes = fit.copy()
        rows = np.arange(len(votes))
        for side in range(3):
            votes[rows, axis[neighbors[:, side]]] += weights[:, side]
        axis = np.where(half == bool(turn % 2), votes.argmax(1), axis)
    return axis


def _patches(axis: Index, neighbors: Index) -> Index:
    """[F]: labels of the connected patches of faces with the same axis."""
    size = len(axis)
    one, two = np.repeat(np.arange(size), 3), neighbors.ravel()
    same = axis[one] == axis[two]
    links = coo_matrix((np.ones(int(same.sum()), np.int8), (one[same], two[same])), shape=(size, size))
    return connected_components(links, directed=False)[1].astype(np.int64)


def _join_small(
    axis: Index, label: Index, normals: Array, areas: Array, neighbors: Index, lengths: Array
) -> tuple[Index, bool]:
    """Gives small patches the axis of the neighbor with the longest shared border, if all their faces face that axis.

    Returns:
        The new axes [F], and whether any of them changed.
    """
    count = int(label.max()) + 1
    total = np.bincount(label, areas, count)
    small = total < SMALL * areas.sum()
    allowed = np.ones((count, len(AXES)), bool)
    hidden, hidden_from = np.nonzero(normals @ AXES.T < MIN_COSINE_SMALL)
    allowed[label[hidden], hidden_from] = False
    one, two = np.repeat(label, 3), label[neighbors].ravel()
    border = one != two
    # Only into larger patches: otherwise two patches could trade axes forever.
    border &= small[one] & (total[one] < total[two])
    shared = np.zeros((count, len(AXES)))
    np.add.at(shared, (one[border], axis[neighbors].ravel()[border]), lengths.ravel()[border])
    shared[~allowed] = 0
    joins = shared.max(1) > 0
    return np.where(joins[label], shared.argmax(1)[label], axis), bool(joins.any())


def _flatten_patches(
    mesh: Mesh,
    label: Index,
    crosses: Array,
    normals: Array,
    axis: Index,
    neighbors: Index,
    check: Callable[[], None],
) -> list[Chart]:
    """Projects each patch along its mean normal. Faces that would overlap others become separate charts."""
    charts = []
    corners = mesh.corners
    inside = np.full(len(mesh.faces), -1)  # the position of each face in the present part
    pending = [(faces, True) for faces in _groups(label)]
    while pending:
        check()
        faces, try_mean = pending.pop()
        direction = crosses[faces].sum(0)
        direction /= max(float(np.linalg.norm(direction)), 1e-30)
        # The mean normal stretches least, but a face may be turned away from it that is not turned away from the axis.
        if not try_mean or (normals[faces] @ direction).min() < MIN_COSINE_SMALL:
            direction = AXES[axis[faces[0]]]
        flat = _project(corners[faces], direction)
        covered = _covered(flat, corners[faces] @ direction)
        if len(faces) == 1 or not covered.any() or covered.all():
            charts.append(Chart(faces, flat))
            continue
        for part in (faces[covered], faces[~covered]):
            inside[part] = np.arange(len(part))
            local = np.where(inside[neighbors[part]] >= 0, inside[neighbors[part]], np.arange(len(part))[:, None])
            inside[part] = -1
            pending += [(part[group], False) for group in _groups(_patches(np.zeros(len(part), np.int64), local))]
    return charts


def _groups(label: Index) -> list[Index]:
    """The indices of the elements of each label."""
    order = np.argsort(label, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(label[order])) + 1)


def _project(corners: Array, direction: Array) -> Array:
    """[n, 3, 3] -> [n, 3, 2]: orthographic view against `direction`, so that front faces stay counterclockwise."""
    up = np.eye(3)[2] if abs(direction[2]) < 0.9 else np.eye(3)[1]
    right = np.cross(up, direction)
    right /= np.linalg.norm(right)
    return corners @ np.stack((right, np.cross(direction, right)), 1)


def _covered(flat: Array, height: Array) -> NDArray[np.bool_]:
    """[n]: whether each face is below another. flat [n, 3, 2]; height [n, 3]: of the corners along the view direction."""
    low, high = flat.min((0, 1)), flat.max((0, 1))
    scale = OVERLAP_PX * np.sqrt(len(flat)) / max(float((high - low).max()), 1e-30)
    width, tall = (np.ceil((high - low) * scale).astype(int) + 1).tolist()
    pixels, owners, heights = [], [], []
    for fragments in rasterize((flat - low) * scale, width, tall):
        inner = (fragments.weights > 1e-3).all(1)  # pixel centers on a shared edge belong to both faces
        pixels.append(fragments.pixel[inner])
        owners.append(fragments.triangle[inner])
        heights.append((fragments.weights[inner] * height[fragments.triangle[inner]]).sum(1))
    covered = np.zeros(len(flat), bool)
    if pixels:
        pixel, owner, level = np.concatenate(pixels), np.concatenate(owners), np.concatenate(heights)
        order = np.lexsort((level, pixel))
        below = np.flatnonzero(np.diff(pixel[order]) == 0)  # all but the last fragment of each pixel, which is on top
        covered[owner[order][below]] = True
    return covered
