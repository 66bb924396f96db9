"""What a triangle mesh is made of, and making it a manifold.

Notation: half-edge h = 3 f + i runs from corner i of face f to its next corner; its twin is the half-edge of the
neighboring face that runs the other way. vertices [V, 3] float64, faces [F, 3] int64, counter-clockwise from outside.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

Array = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(frozen=True)
class Mesh:
    """vertices [V, 3] in the world, faces [F, 3] counter-clockwise from outside."""

    vertices: Array
    faces: Index

    @property
    def corners(self) -> Array:
        """[F, 3, 3]"""
        return self.vertices[self.faces]


@dataclass(frozen=True)
class Topology:
    """What `examine` counts. A closed manifold is watertight and manifold; sphere: euler 2, torus: 0."""

    watertight: bool  # every half-edge has exactly one twin: closed, and the normals agree
    manifold: bool  # ... and around every vertex the faces make one fan
    components: int
    euler: int


def face_crosses(mesh: Mesh) -> Array:
    """[F, 3]: outward normals, as long as twice the face's area."""
    a, b, c = (mesh.vertices[mesh.faces[:, i]] for i in range(3))
    return np.cross(b - a, c - a)


def face_volumes(mesh: Mesh) -> Array:
    """[F]: signed volumes of the tetrahedra from the origin; a closed component's sum is its volume."""
    a, b, c = (mesh.vertices[mesh.faces[:, i]] for i in range(3))
    return np.einsum("ij,ij->i", a, np.cross(b, c)) / 6


def vertex_normals(mesh: Mesh) -> Array:
    """[V, 3]: unit normals, the mean of the faces' around, weighted by the faces' angles (free of tessellation)."""
    corners = mesh.corners
    sides = np.roll(corners, -1, 1) - corners  # side i runs from corner i to the next
    lengths = np.linalg.norm(sides, axis=2)
    cosines = -np.einsum("fij,fij->fi", sides, np.roll(sides, 1, 1)) / np.maximum(
        lengths * np.roll(lengths, 1, 1), 1e-30
    )
    normals = face_crosses(mesh)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-30)
    weighted = np.arccos(cosines.clip(-1, 1))[..., None] * normals[:, None]
    summed = np.stack(
        [np.bincount(mesh.faces.ravel(), weighted[..., k].ravel(), len(mesh.vertices)) for k in range(3)], 1
    )
    norms = np.linalg.norm(summed, axis=1, keepdims=True)
    return np.where(norms > 1e-12, summed / np.maximum(norms, 1e-12), [0.0, 0.0, 1.0])


def twins(mesh: Mesh) -> Index:
    """[3 F]: each half-edge's twin, -1 where there is none. Where several sheets share an edge, the sheets are kept apart."""
    start, end = mesh.faces.ravel(), np.roll(mesh.faces, -1, 1).ravel()
    key = np.minimum(start, end) * len(mesh.vertices) + np.maximum(start, end)
    order = np.argsort(key, kind="stable")
    first = np.flatnonzero(np.r_[True, np.diff(key[order]) != 0])
    del key
    count = np.diff(np.r_[first, len(order)])
    result = np.full(len(start), -1, np.int64)
    simple = first[count == 2]
    one, two = order[simple], order[simple + 1]
    opposite = start[one] != start[two]
    result[one[opposite]], result[two[opposite]] = two[opposite], one[opposite]
    for begin, size in zip(first[count > 2], count[count > 2], strict=True):
        _pair_sheets(mesh, order[begin : begin + size], start, result)
    return result


def _pair_sheets(mesh: Mesh, group: Index, start: Index, result: Index) -> None:
    """Pairs the half-edges of one edge that more than two faces share.

    Going round the edge, counter-clockwise as seen from its end, a face that runs along the edge has the solid before it
    and one that runs against it has the solid behind it: pairing "against" with the next "along", like brackets, joins
    the two faces of one wedge of the solid.
    """
    a = int(start[group].min())
    along = start[group] == a
    b = int(mesh.faces.ravel()[_next(group[along])][0]) if along.any() else a
    axis = mesh.vertices[b] - mesh.vertices[a]
    third = mesh.vertices[mesh.faces.ravel()[_next(_next(group))]] - mesh.vertices[a]
    helper = np.eye(3)[np.argmin(np.abs(axis))]
    x = np.cross(helper, axis)
    y = np.cross(axis, x) / max(float(np.linalg.norm(axis)), 1e-30)
    around = np.argsort(np.arctan2(third @ y, third @ x), kind="stable")
    open_brackets: list[int] = []
    for place in (*around, *around):  # twice round: a bracket may close past the start
        half_edge = int(group[place])
        if result[half_edge] >= 0:
            continue
        if not along[place]:
            if half_edge not in open_brackets:
                open_brackets.append(half_edge)
        elif open_brackets:
            other = open_brackets.pop()
            result[half_edge], result[other] = other, half_edge


def _next(half_edges: Index) -> Index:
    """The half-edge that follows in the same face."""
    return half_edges - half_edges % 3 + (half_edges + 1) % 3


def fans(faces: Index, twin: Index) -> tuple[int, Index]:
    """Labels of the corners: those that meet in one fan around one vertex share a label. Needs every twin.

    Returns:
        the number of fans and the labels [3 F].
    """
    half_edges = np.arange(len(twin), dtype=np.int32)  # half the memory of the widest, and a sparse matrix keeps it
    links = coo_matrix(
        (np.ones(len(twin), np.int8), (half_edges, _next(twin).astype(np.int32))), shape=(len(twin),) * 2
    )
    count, labels = connected_components(links, directed=False)
    return int(count), labels.astype(np.int64)


def face_components(mesh: Mesh) -> tuple[int, Index]:
    """The number of connected pieces and each face's piece [F]; pieces connect through vertices."""
    size = len(mesh.vertices)
    a, b, c = mesh.faces.T
    links = coo_matrix((np.ones(2 * len(a), np.int8), (np.r_[a, b], np.r_[b, c])), shape=(size, size))
    _, labels = connected_components(links, directed=False)
    used, of_face = np.unique(labels[a], return_inverse=True)
    return len(used), of_face.astype(np.int64)


def keep_faces(mesh: Mesh, keep: NDArray[np.bool_]) -> Mesh:
    """The mesh of some faces, without the vertices that nothing uses any more."""
    faces = mesh.faces[keep]
    used, compact = np.unique(faces, return_inverse=True)
    return Mesh(mesh.vertices[used], compact.reshape(-1, 3).astype(np.int64))


def examine(mesh: Mesh) -> Topology:
    """Counts; see `Topology`."""
    if not len(mesh.faces):
        return Topology(False, False, 0, 0)
    start, end = mesh.faces.ravel(), np.roll(mesh.faces, -1, 1).ravel()
    directed = np.sort(start * len(mesh.vertices) + end)
    reverse = np.sort(end * len(mesh.vertices) + start)
    # A directed edge that occurs twice has two sheets on it; one without its reverse is a border.
    watertight = bool((np.diff(directed) != 0).all() and (directed == reverse).all() and (start != end).all())
    edges = len(np.unique(np.minimum(start, end) * len(mesh.vertices) + np.maximum(start, end)))
    vertices = len(np.unique(mesh.faces))
    manifold = watertight and fans(mesh.faces, twins(mesh))[0] == vertices
    return Topology(watertight, manifold, face_components(mesh)[0], vertices - edges + len(mesh.faces))


def make_manifold(mesh: Mesh, rounds: int = 8) -> Mesh | None:
    """The same surface as a closed manifold: sheets that touch in an edge or a vertex are parted there.

    Returns:
        None when the mesh has borders, faces that disagree about the outside, or resists.
    """
    for _ in range(rounds):
        mesh = _drop_flat(mesh)
        if not len(mesh.faces):
            return None
        twin = twins(mesh)
        if (twin < 0).any():
            return None
        count, labels = fans(mesh.faces, twin)
        vertices = np.zeros((count, 3))
        vertices[labels] = mesh.vertices[mesh.faces.ravel()]
        mesh = Mesh(vertices, labels.reshape(-1, 3))
        doubled = _doubled_edges(mesh, twin)
        if not len(doubled):
            return mesh
        mesh = _split_edges(mesh, doubled, twin)
    return None


def _drop_flat(mesh: Mesh) -> Mesh:
    """Without faces that use a vertex twice, and without pairs of faces that lie back to back."""
    a, b, c = mesh.faces.T
    faces = mesh.faces[(a != b) & (b != c) & (c != a)]
    ordered = np.sort(faces, 1)
    order = np.lexsort(ordered.T)
    same = (np.diff(ordered[order], axis=0) == 0).all(1)
    gone = np.zeros(len(faces), bool)
    if same.any():
        # Of three different numbers, two steps upwards in a round mean that they go round in ascending order.
        ascending = (faces < np.roll(faces, -1, 1)).sum(1) == 2
        group = np.r_[0, np.cumsum(~same)]
        for number in np.unique(group[1:][same]):
            rows = order[group == number]
            up, down = rows[ascending[rows]], rows[~ascending[rows]]
            pairs = min(len(up), len(down))
            gone[up[:pairs]] = gone[down[:pairs]] = True
    return Mesh(mesh.vertices, faces[~gone])


def _doubled_edges(mesh: Mesh, twin: Index) -> Index:
    """One half-edge of each edge whose two vertices another edge joins as well."""
    start, end = mesh.faces.ravel(), np.roll(mesh.faces, -1, 1).ravel()
    one = np.flatnonzero(np.arange(len(twin)) < twin)  # one half-edge per edge
    key = np.minimum(start, end)[one] * len(mesh.vertices) + np.maximum(start, end)[one]
    order = np.argsort(key, kind="stable")
    return one[order][1:][np.diff(key[order]) == 0]


def _split_edges(mesh: Mesh, half_edges: Index, twin: Index) -> Mesh:
    """The edges get a new vertex in their middle, so that no two of them join the same two vertices any more.

    Of edges that share a face only one is split; the next round of `make_manifold` sees to the others.
    """
    touched: set[int] = set()
    vertices, faces = [mesh.vertices], mesh.faces.copy()
    count, added = len(mesh.vertices), []
    for half_edge in (int(h) for h in half_edges):
        pair = (half_edge, int(twin[half_edge]))
        if touched & {h // 3 for h in pair}:
            continue
        touched |= {h // 3 for h in pair}
        face, corner = divmod(half_edge, 3)
        vertices.append(mesh.vertices[faces[face, [corner, (corner + 1) % 3]]].mean(0, keepdims=True))
        for side in pair:
            face, corner = divmod(side, 3)
            added.append(faces[face].copy())
            added[-1][corner] = count  # from the middle to the end
            faces[face, (corner + 1) % 3] = count  # from the start to the middle
        count += 1
    return Mesh(np.concatenate(vertices), np.concatenate((faces, np.array(added, np.int64).reshape(-1, 3))))
