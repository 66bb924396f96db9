"""From the raw surface to the one that is kept: what is left out, smoothed, and simplified."""

from __future__ import annotations

from dataclasses import replace

import fast_simplification
import numpy as np
from scipy.sparse import coo_matrix, csr_matrix, diags

from .topology import Array, Mesh, face_components, face_volumes, keep_faces, make_manifold

SHRINK, GROW = 0.5, -0.53  # Taubin's pair: what the first takes from low frequencies the second gives back
AGGRESSIVENESS = 5  # how fast the library's error threshold rises: higher is faster and coarser
VOLUME_DRIFT = 0.03  # the most that simplification may change the volume by


def keep_solid(mesh: Mesh, share: float) -> Mesh:
    """The parts of a closed surface that are objects.

    Kept is the component of the largest volume, and every other with at least `share` of it: a figure may consist of
    several balls. Left out are smaller ones (floaters), walls of closed cavities (they face inwards, so their volume is
    negative: nobody sees them, and the solid becomes full), and whatever lies inside of a kept component.
    """
    count, label = face_components(mesh)
    volumes = np.bincount(label, face_volumes(mesh), count)
    by_size = np.argsort(-volumes)
    kept: list[tuple[int, Mesh]] = []
    for component in by_size[: max(1, int((volumes > 0).sum()))]:
        if volumes[component] < share * volumes[by_size[0]] and kept:
            break
        piece = keep_faces(mesh, label == component)
        if all(abs(winding_number(shell, piece.vertices[0])) < 0.5 for _, shell in kept):
            kept.append((int(component), piece))
    return keep_faces(mesh, np.isin(label, [component for component, _ in kept]))


def winding_number(mesh: Mesh, point: Array) -> float:
    """How many times a closed surface surrounds a point [3]: the solid angles of its faces over 4 pi."""
    corners = mesh.corners - point
    lengths = np.linalg.norm(corners, axis=2)
    a, b, c = (corners[:, i] for i in range(3))
    la, lb, lc = lengths.T
    triple = np.einsum("ij,ij->i", a, np.cross(b, c))
    dots = [np.einsum("ij,ij->i", p, q) for p, q in ((a, b), (b, c), (c, a))]
    return float(2 * np.arctan2(triple, la * lb * lc + dots[0] * lc + dots[1] * la + dots[2] * lb).sum() / (4 * np.pi))


def smooth(mesh: Mesh, rounds: int) -> Mesh:
    """Taubin smoothing: noise goes, volume stays."""
    mean, vertices = _mean_of_neighbors(mesh), mesh.vertices
    for _ in range(rounds):
        for amount in (SHRINK, GROW):
            vertices = vertices + amount * (mean @ vertices - vertices)
    return replace(mesh, vertices=vertices)


def _mean_of_neighbors(mesh: Mesh) -> csr_matrix:
    size = len(mesh.vertices)
    start, end = mesh.faces.ravel(), np.roll(mesh.faces, -1, 1).ravel()  # closed: each edge occurs both ways
    links = coo_matrix((np.ones(len(start)), (start, end)), shape=(size, size)).tocsr()
    return diags(1 / np.maximum(np.asarray(links.sum(1)).ravel(), 1)) @ links


def simplify(mesh: Mesh, face_budget: int) -> tuple[Mesh, bool]:
    """At most `face_budget` faces where a closed manifold of nearly the same volume can be had with so few.

    The library collapses edges without asking whether the surface stays a manifold; what it returns is parted where
    sheets touch, checked, and tried again with more faces when it does not pass.

    Returns:
        the mesh, and whether it is within the budget.
    """
    if len(mesh.faces) <= face_budget:
        return mesh, True
    low = mesh.vertices.min(0)
    size = float((mesh.vertices.max(0) - low).max())
    volume, components = float(face_volumes(mesh).sum()), face_components(mesh)[0]
    # Parting adds a few faces: the second target leaves room for them. After that, more faces than asked for.
    targets = [face_budget, 0.95 * face_budget, *(face_budget * 1.5 ** np.arange(1, 20))]
    for target in (round(t) for t in targets if t < len(mesh.faces)):
        # The library's thresholds are absolute: they fit objects of size 1.
        vertices, faces = fast_simplification.simplify(
            (mesh.vertices - low) / size, mesh.faces.astype(np.int32), target_count=target, agg=AGGRESSIVENESS
        )
        fewer = make_manifold(Mesh(np.asarray(vertices, float) * size + low, np.asarray(faces, np.int64)))
        if fewer is None or len(fewer.faces) > max(target, face_budget) or face_components(fewer)[0] != components:
            continue
        if abs(float(face_volumes(fewer).sum()) / volume - 1) < VOLUME_DRIFT:
            return fewer, len(fewer.faces) <= face_budget
    return mesh, False
