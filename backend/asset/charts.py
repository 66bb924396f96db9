"""Cutting a surface into charts that a parallel projection lays flat.

xatlas can cut too, but on the noisy surfaces of fields it takes 10 to 200 s for 50,000 faces and leaves a thousand
shreds. Looking along six axes gives a few large charts in milliseconds; xatlas then packs them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from .raster import rasterize
from .topology import Array, Index, Mesh, face_crosses, twins

AXES = np.array([(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1)], float)
COHESION = 1.0  # how much a face wants its neighbors' axis, against how well its own normal fits
SLANT = 0.25  # least cosine between a face and its chart's direction: texels stretch by at most its inverse
EDGE_ON = 0.1  # the same for faces of small patches, where a stretched texel is better than one more seam
SMALL = 0.01  # of the whole area: charts below look for a neighbor to join
ROUNDS = 12
OVERLAP_PX = 4  # a face's size in the picture of its chart in which faces on top of each other are looked for


@dataclass(frozen=True)
class Chart:
    """faces [n] of the mesh, their corners laid flat [n, 3, 2] in world units, counter-clockwise."""

    faces: Index
    flat: Array


def cut(mesh: Mesh) -> list[Chart]:
    """Every face in exactly one chart; inside a chart no two faces lie on top of each other."""
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
    return _lay_flat(mesh, label, crosses, normals, axis, neighbors)


def _neighbors(mesh: Mesh) -> Index:
    """[F, 3]: the face across each edge; the face itself at a border."""
    twin = twins(mesh).reshape(-1, 3)
    return np.where(twin >= 0, twin // 3, np.arange(len(mesh.faces))[:, None])


def _choose_axes(normals: Array, areas: Array, neighbors: Index, lengths: Array) -> Index:
    """[F]: the axis along which each face is best seen, in agreement with its neighbors.

    Iterated conditional modes of a Potts model; half of the faces move at a time, so that two neighbors do not swap
    for ever.
    """
    smooth = normals
    for _ in range(3):  # noise in the normals would fray the borders
        smooth = smooth * areas[:, None] + (smooth[neighbors] * areas[neighbors][..., None]).sum(1)
        smooth /= np.maximum(np.linalg.norm(smooth, axis=1, keepdims=True), 1e-30)
    fit = smooth @ AXES.T
    fit[normals @ AXES.T < SLANT] -= 4.0  # an axis that does not see the face is no choice
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
    """[F]: labels of the connected patches of equal axis."""
    size = len(axis)
    one, two = np.repeat(np.arange(size), 3), neighbors.ravel()
    same = axis[one] == axis[two]
    links = coo_matrix((np.ones(int(same.sum()), np.int8), (one[same], two[same])), shape=(size, size))
    return connected_components(links, directed=False)[1].astype(np.int64)


def _join_small(
    axis: Index, label: Index, normals: Array, areas: Array, neighbors: Index, lengths: Array
) -> tuple[Index, bool]:
    """Small patches take the axis of the neighbor with which they share most border, if that sees all their faces."""
    count = int(label.max()) + 1
    total = np.bincount(label, areas, count)
    small = total < SMALL * areas.sum()
    sees = np.ones((count, len(AXES)), bool)
    hidden, unseen_axis = np.nonzero(normals @ AXES.T < EDGE_ON)
    sees[label[hidden], unseen_axis] = False
    one, two = np.repeat(label, 3), label[neighbors].ravel()
    border = one != two
    # Only towards the larger: two patches could trade axes and never meet.
    border &= small[one] & (total[one] < total[two])
    shared = np.zeros((count, len(AXES)))
    np.add.at(shared, (one[border], axis[neighbors].ravel()[border]), lengths.ravel()[border])
    shared[~sees] = 0
    joins = shared.max(1) > 0
    return np.where(joins[label], shared.argmax(1)[label], axis), bool(joins.any())


def _lay_flat(mesh: Mesh, label: Index, crosses: Array, normals: Array, axis: Index, neighbors: Index) -> list[Chart]:
    """Charts of the patches, projected along their mean normals; what would lie on top of something else is cut off."""
    charts = []
    waiting = [(faces, True) for faces in _groups(label)]
    while waiting:
        faces, try_mean = waiting.pop()
        direction = crosses[faces].sum(0)
        direction /= max(float(np.linalg.norm(direction)), 1e-30)
        # The mean normal stretches least, but may lose sight of a face that the axis sees.
        if not try_mean or (normals[faces] @ direction).min() < EDGE_ON:
            direction = AXES[axis[faces[0]]]
        flat = _project(mesh.corners[faces], direction)
        covered = _covered(flat, mesh.corners[faces] @ direction)
        if len(faces) == 1 or not covered.any() or covered.all():
            charts.append(Chart(faces, flat))
            continue
        for part in (faces[covered], faces[~covered]):
            inside = np.full(len(mesh.faces), -1)
            inside[part] = np.arange(len(part))
            local = np.where(inside[neighbors[part]] >= 0, inside[neighbors[part]], np.arange(len(part))[:, None])
            waiting += [(part[group], False) for group in _groups(_patches(np.zeros(len(part), np.int64), local))]
    return charts


def _groups(label: Index) -> list[Index]:
    order = np.argsort(label, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(label[order])) + 1)


def _project(corners: Array, direction: Array) -> Array:
    """[n, 3, 3] -> [n, 3, 2]: as seen against `direction`, so that outward faces stay counter-clockwise."""
    up = np.eye(3)[2] if abs(direction[2]) < 0.9 else np.eye(3)[1]
    right = np.cross(up, direction)
    right /= np.linalg.norm(right)
    return corners @ np.stack((right, np.cross(direction, right)), 1)


def _covered(flat: Array, height: Array) -> NDArray[np.bool_]:
    """[n]: faces below another face of the same chart. height [n, 3] of the corners along the view."""
    low, high = flat.min((0, 1)), flat.max((0, 1))
    scale = OVERLAP_PX * np.sqrt(len(flat)) / max(float((high - low).max()), 1e-30)
    width, tall = (np.ceil((high - low) * scale).astype(int) + 1).tolist()
    pixels, owners, heights = [], [], []
    for fragments in rasterize((flat - low) * scale, width, tall):
        inner = (fragments.weights > 1e-3).all(1)  # centers on a shared edge are in both faces and no overlap
        pixels.append(fragments.pixel[inner])
        owners.append(fragments.triangle[inner])
        heights.append((fragments.weights[inner] * height[fragments.triangle[inner]]).sum(1))
    covered = np.zeros(len(flat), bool)
    if pixels:
        pixel, owner, level = np.concatenate(pixels), np.concatenate(owners), np.concatenate(heights)
        order = np.lexsort((level, pixel))
        below = np.flatnonzero(np.diff(pixel[order]) == 0)  # the last one of each pixel is on top
        covered[owner[order][below]] = True
    return covered
