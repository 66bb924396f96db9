"""Triangle meshes: normals, volumes, connectivity, and conversion to a manifold.

Half-edge h = 3 f + i runs from corner i of face f to the next corner. Its twin is the half-edge of the neighboring face
in the opposite direction.
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
    """vertices [V, 3]: float64, world space; faces [F, 3]: int64 vertex indices, counterclockwise from outside."""

    vertices: Array
    faces: Index

    @property
    def corners(self) -> Array:
        """[F, 3, 3]: the positions of the corners of each face."""
        return self.vertices[self.faces]


@dataclass(frozen=True)
class Topology:
    """Topological properties of a mesh."""

    watertight: bool  # every half-edge has exactly one twin: closed, with consistent orientation
    manifold: bool  # watertight, and the faces around every vertex form one fan
    components: int
    euler: int  # Euler characteristic: 2 for a sphere, 0 for a torus


def face_crosses(mesh: Mesh) -> Array:
    """[F, 3]: outward normals whose length is twice the area of the face."""
    a, b, c = (mesh.vertices[mesh.faces[:, i]] for i in range(3))
    return np.cross(b - a, c - a)


def face_volumes(mesh: Mesh) -> Array:
    """[F]: signed volumes of the tetrahedra between faces and origin. Their sum is the volume of a closed mesh."""
    a, b, c = (mesh.vertices[mesh.faces[:, i]] for i in range(3))
    return np.einsum("ij,ij->i", a, np.cross(b, c)) / 6


def vertex_normals(mesh: Mesh) -> Array:
    """[V, 3]: unit normals, the angle-weighted mean over adjacent faces, which is independent of the tessellation."""
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
    """[3 F]: the twin of each half-edge, -1 at boundaries. Sheets that share an edge are paired separately."""
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
    """Pairs the half-edges `group` of one edge that more than two faces share; writes their twins to `result`.

    The faces are sorted by angle around the edge, counterclockwise as seen from its end. A face whose half-edge runs
    along the edge has the solid before it; a face whose half-edge runs against the edge has the solid behind it.
    Pairing each "against" with the next "along", like brackets, joins the two faces of one wedge of the solid.
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
    for index in (*around, *around):  # two turns: a bracket may close after the start
        half_edge = int(group[index])
        if result[half_edge] >= 0:
            continue
        if not along[index]:
            if half_edge not in open_brackets:
                open_brackets.append(half_edge)
        elif open_brackets:
            other = open_brackets.pop()
            result[half_edge], result[other] = other, half_edge


def _next(half_edges: Index) -> Index:
    """The next half-edge of the same face."""
    return half_edges - half_edges % 3 + (half_edges + 1) % 3


def label_fans(faces: Index, twin: Index) -> tuple[int, Index]:
    """Labels the corners so that those in the same fan around a vertex share a label. Every half-edge must have a twin.

    Args:
        faces: [F, 3].
        twin: [3 F], see `twins`.

    Returns:
        The number of fans, and the labels [3 F].
    """
    half_edges = np.arange(len(twin), dtype=np.int32)  # half the memory of int64; the sparse matrix keeps the type
    links = coo_matrix(
        (np.ones(len(twin), np.int8), (half_edges, _next(twin).astype(np.int32))), shape=(len(twin),) * 2
    )
    count, labels = connected_components(links, directed=False)
    return int(count), labels.astype(np.int64)


def face_components(mesh: Mesh) -> tuple[int, Index]:
    """Returns the number of connected components and the component of each face [F]. Faces connect through vertices."""
    size = len(mesh.vertices)
    a, b, c = mesh.faces.T
    links = coo_matrix((np.ones(2 * len(a), np.int8), (np.r_[a, b], np.r_[b, c])), shape=(size, size))
    _, labels = connected_components(links, directed=False)
    used, of_face = np.unique(labels[a], return_inverse=True)
    return len(used), of_face.astype(np.int64)


def keep_faces(mesh: Mesh, keep: NDArray[np.bool_]) -> Mesh:
    """Returns the mesh of the faces in `keep` [F], without unused vertices."""
    faces = mesh.faces[keep]
    used, compact = np.unique(faces, return_inverse=True)
    return Mesh(mesh.vertices[used], compact.reshape(-1, 3).astype(np.int64))


def examine(mesh: Mesh) -> Topology:
    """Computes the topological properties of a mesh."""
    if not len(mesh.faces):
        return Topology(False, False, 0, 0)
    start, end = mesh.faces.ravel(), np.roll(mesh.faces, -1, 1).ravel()
    directed = np.sort(start * len(mesh.vertices) + end)
    reverse = np.sort(end * len(mesh.vertices) + start)
    # A directed edge that occurs twice belongs to two sheets; one without its reverse is a boundary edge.
    watertight = bool((np.diff(directed) != 0).all() and (directed == reverse).all() and (start != end).all())
    edges = len(np.unique(np.minimum(start, end) * len(mesh.vertices) + np.maximum(start, end)))
    vertices = len(np.unique(mesh.faces))
    manifold = watertight and label_fans(mesh.faces, twins(mesh))[0] == vertices
    return Topology(watertight, manifold, face_components(mesh)[0], vertices - edges + len(mesh.faces))


def make_manifold(mesh: Mesh, rounds: int = 8) -> Mesh | None:
    """Splits sheets that touch at an edge or a vertex, so that the same surface becomes a closed manifold.

    Returns:
        The manifold, or None if the mesh has boundary edges or inconsistent orientation, or is not manifold after
        `rounds`.
    """
    for _ in range(rounds):
        mesh = _drop_degenerate(mesh)
        if not len(mesh.faces):
            return None
        twin = twins(mesh)
        if (twin < 0).any():
            return None
        count, labels = label_fans(mesh.faces, twin)
        vertices = np.zeros((count, 3))
        vertices[labels] = mesh.vertices[mesh.faces.ravel()]
        mesh = Mesh(vertices, labels.reshape(-1, 3))
        doubled = _doubled_edges(mesh, twin)
        if not len(doubled):
            return mesh
        mesh = _split_edges(mesh, doubled, twin)
    return None


def _drop_degenerate(mesh: Mesh) -> Mesh:
    """Removes faces that use a vertex twice, and pairs of faces with the same vertices and opposite orientation."""
    a, b, c = mesh.faces.T
    faces = mesh.faces[(a != b) & (b != c) & (c != a)]
    ordered = np.sort(faces, 1)
    order = np.lexsort(ordered.T)
    same = (np.diff(ordered[order], axis=0) == 0).all(1)
    gone = np.zeros(len(faces), bool)
    if same.any():
        # Three distinct indices are in ascending cyclic order if two of the three steps go up.
        ascending = (faces < np.roll(faces, -1, 1)).sum(1) == 2
        group = np.r_[0, np.cumsum(~same)]
        for number in np.unique(group[1:][same]):
            rows = order[group == number]
            up, down = rows[ascending[rows]], rows[~ascending[rows]]
            pairs = min(len(up), len(down))
            gone[up[:pairs]] = gone[down[:pairs]] = True
    return Mesh(mesh.vertices, faces[~gone])


def _doubled_edges(mesh: Mesh, twin: Index) -> Index:
    """[n]: one half-edge of each edge that connects the same two vertices as another edge."""
    start, end = mesh.faces.ravel(), np.roll(mesh.faces, -1, 1).ravel()
    one = np.flatnonzero(np.arange(len(twin)) < twin)  # one half-edge per edge
    key = np.minimum(start, end)[one] * len(mesh.vertices) + np.maximum(start, end)[one]
    order = np.argsort(key, kind="stable")
    return one[order][1:][np.diff(key[order]) == 0]


def _split_edges(mesh: Mesh, half_edges: Index, twin: Index) -> Mesh:
    """Inserts a vertex in the middle of the edges, so that no two of them connect the same vertices.

    Of edges that share a face only one is split; the next round of `make_manifold` splits the others.
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
