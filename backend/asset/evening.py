"""Removes blotches from the colors of a mesh and keeps the borders of its parts: a bilateral filter along the surface."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_matrix

from .topology import Array, Mesh

BORDER = 0.1  # standard deviation of the difference between colors that are averaged, sRGB


def even_out(mesh: Mesh, colors: Array, rounds: int) -> Array:
    """Averages each color with those of the neighbors that are similar (Tomasi and Manduchi 1998).

    Args:
        mesh: a closed surface.
        colors: of its vertices, sRGB in [0, 1], [V, 3].
        rounds: of averaging. Blotches up to about sqrt(rounds) edges wide disappear.

    Returns:
        The new colors [V, 3].
    """
    size = len(mesh.vertices)
    start, end = mesh.faces.ravel(), np.roll(mesh.faces, -1, 1).ravel()  # closed: each edge occurs in both directions
    own = np.arange(size)
    links = coo_matrix((np.ones(len(start) + size), (np.r_[start, own], np.r_[end, own])), shape=(size, size)).tocsr()
    row = np.repeat(own, np.diff(links.indptr))
    for _ in range(rounds):
        difference = colors[row] - colors[links.indices]
        links.data = np.exp(-np.square(difference).sum(1) / (2 * BORDER**2))
        colors = (links @ colors) / np.asarray(links.sum(1))
    return colors
