"""Mesh cleanup: removes floaters and cavities, smooths, and simplifies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from scipy.sparse import coo_matrix, csr_matrix, diags

from .collapsing import collapse
from .topology import Array, Mesh, face_components, face_volumes, keep_faces, make_manifold

SHRINK, GROW = 0.5, -0.53  # Taubin's lambda and mu: the second step restores the low frequencies that the first shrinks
MAX_BODIES = 32  # components that are kept; the surface of a noisy field has tens of thousands
MAX_VOLUME_CHANGE = 0.03  # relative change of the volume that simplification may cause
EXCESS = 4  # the face budget may be exceeded by this factor,
SMALL_MESH = 50_000  # or up to this number of faces


def keep_solid(mesh: Mesh, share: float, check: Callable[[], None] = lambda: None) -> Mesh:
    """Removes the components of a closed surface that are not part of the object.

    Keeps the component with the largest volume and others with at least `share` of that volume, because an object may
    consist of several bodies; at most `MAX_BODIES`. Removes smaller components (floaters), walls of closed cavities (they
    face inward, so their volume is negative; the cavity is invisible and becomes solid), and everything inside a
    component that is kept.

    check is called often. An exception that it raises ends the cleanup.
    """
    count, label = face_components(mesh)
    volumes = np.bincount(label, face_volumes(mesh), count)
    by_size = np.argsort(-volumes)[:MAX_BODIES]
    kept: list[tuple[int, Mesh]] = []
    for component in by_size[: max(1, int((volumes > 0).sum()))]:
        if volumes[component] < share * volumes[by_size[0]] and kept:
            break
        check()
        piece = keep_faces(mesh, label == component)
        if all(abs(winding_number(shell, piece.vertices[0])) < 0.5 for _, shell in kept):
            kept.append((int(component), piece))
    return keep_faces(mesh, np.isin(label, [component for component, _ in kept]))


def winding_number(mesh: Mesh, point: Array) -> float:
    """Winding number of a closed surface around a point [3]: the sum of the solid angles of its faces over 4 pi."""
    corners = mesh.corners - point
    lengths = np.linalg.norm(corners, axis=2)
    a, b, c = (corners[:, i] for i in range(3))
    la, lb, lc = lengths.T
    triple = np.einsum("ij,ij->i", a, np.cross(b, c))
    dots = [np.einsum("ij,ij->i", p, q) for p, q in ((a, b), (b, c), (c, a))]
    return float(2 * np.arctan2(triple, la * lb * lc + dots[0] * lc + dots[1] * la + dots[2] * lb).sum() / (4 * np.pi))


def smooth(mesh: Mesh, rounds: int) -> Mesh:
    """Applies `rounds` of Taubin smoothing, which removes noise and preserves the volume."""
    mean, vertices = _mean_of_neighbors(mesh), mesh.vertices
    for _ in range(rounds):
        for amount in (SHRINK, GROW):
            vertices = vertices + amount * (mean @ vertices - vertices)
    return replace(mesh, vertices=vertices)


def _mean_of_neighbors(mesh: Mesh) -> csr_matrix:
    """[V, V]: the matrix that averages over the neighbors of each vertex."""
    size = len(mesh.vertices)
    start, end = mesh.faces.ravel(), np.roll(mesh.faces, -1, 1).ravel()  # closed: each edge occurs in both directions
    links = coo_matrix((np.ones(len(start)), (start, end)), shape=(size, size)).tocsr()
    return diags(1 / np.maximum(np.asarray(links.sum(1)).ravel(), 1)) @ links


def simplify(mesh: Mesh, face_budget: int, check: Callable[[], None] = lambda: None) -> tuple[Mesh, bool]:
    """Simplifies to at most `face_budget` faces if that gives a closed manifold of nearly the same volume.

    The library collapses edges without checking that the surface stays a manifold. Its result is made manifold again and
    checked; if the check fails, the next attempt uses more faces.

    Args:
        check: called often. An exception that it raises ends the simplification.

    Returns:
        The mesh, and whether it is within the budget. The same mesh if all attempts fail, see `is_excessive`.
    """
    if len(mesh.faces) <= face_budget:
        return mesh, True
    low = mesh.vertices.min(0)
    size = float((mesh.vertices.max(0) - low).max())
    volume, components = float(face_volumes(mesh).sum()), face_components(mesh)[0]
    # `make_manifold` adds a few faces: the second target leaves room for them. Later targets exceed the budget.
    targets = [face_budget, 0.95 * face_budget, *(face_budget * 1.5 ** np.arange(1, 20))]
    for target in (round(t) for t in targets if t < len(mesh.faces) and not is_excessive(t, face_budget)):
        check()
        # The thresholds of the library are absolute and made for objects of size 1.
        vertices, faces = collapse((mesh.vertices - low) / size, mesh.faces, target, check)
        fewer = make_manifold(Mesh(vertices * size + low, faces))
        if fewer is None or len(fewer.faces) > max(target, face_budget) or face_components(fewer)[0] != components:
            continue
        if abs(float(face_volumes(fewer).sum()) / volume - 1) < MAX_VOLUME_CHANGE:
            return fewer, len(fewer.faces) <= face_budget
    return mesh, False


def is_excessive(faces: float, face_budget: int) -> bool:
    """Whether a mesh has more faces than the later stages can process in a reasonable time."""
    return faces > max(EXCESS * face_budget, SMALL_MESH)
