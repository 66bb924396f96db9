"""Marching cubes over the blocks of a grid that the surface passes through, and only those.

The lattice: point (i, j, k) of integers lies at `origin + cell * (i, j, k)`; block (a, b, c) spans the points
8 a .. 8 a + 8 and so on, and shares its outer points with its neighbors. What is marched is the level function

    s = (density - iso) / (density + iso) = tanh(log(density / iso) / 2),   -1 .. 1,

whose zero is the surface: densities grow like exponentials, and straight lines fit their logarithm better.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import product

import numpy as np
from numpy.typing import NDArray

from .topology import Array, Index, Mesh

BLOCK = 8  # cells along a block's side: small enough to follow a surface closely, large enough for numpy
PROBE = 4  # cells between two probes of a block
SLIDES = 2  # corrections of each vertex along its edge
_CLEARANCE = 1e-3  # of |s|: keeps vertices off the lattice's points, where edges could no longer be told apart
_BIAS = 1 << 19  # makes lattice indices positive; a key holds three of 20 bits and the axis

Block = tuple[int, int, int]
_NEIGHBORS: list[Block] = [(a, b, c) for a, b, c in product((-1, 0, 1), repeat=3) if a or b or c]
_ACROSS_FACES = [offset for offset in _NEIGHBORS if sum(map(abs, offset)) == 1]


class Lattice:
    """Level values on the lattice, evaluated block by block."""

    def __init__(
        self, density: Callable[[Array], NDArray[np.float32]], iso: float, origin: Array, cell: float, chunk_points: int
    ) -> None:
        self._density, self.iso, self.origin, self.cell = density, iso, np.asarray(origin, float), cell
        self._batch = max(1, chunk_points // (BLOCK + 1) ** 3)
        steps = np.arange(BLOCK + 1)
        self._local = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), -1).reshape(-1, 3)
        self.blocks: dict[Block, NDArray[np.float32]] = {}

    def level(self, points: Array) -> NDArray[np.float32]:
        """points [N, 3], in units of cells -> s [N], never quite 0."""
        density = self._density(self.origin + self.cell * points)
        s = (density - self.iso) / (density + self.iso)
        return np.where(s > 0, s.clip(_CLEARANCE, None), s.clip(None, -_CLEARANCE)).astype(np.float32)

    def promising(self, blocks: Index) -> list[Block]:
        """Those of `blocks` [N, 3] in which a few probes see both sides of the surface: where following it may begin."""
        probes = np.stack(np.meshgrid(*3 * [np.arange(0, BLOCK + 1, PROBE)], indexing="ij"), -1).reshape(-1, 3)
        found: list[Block] = []
        for part in np.array_split(blocks, max(1, len(blocks) * len(probes) // (self._batch * (BLOCK + 1) ** 3) + 1)):
            points = (part[:, None] * BLOCK + probes).reshape(-1, 3)
            inside = (self.level(points.astype(float)) > 0).reshape(len(part), -1)
            both = inside.any(1) & ~inside.all(1)
            found += [(int(a), int(b), int(c)) for a, b, c in part[both]]
        return found

    def follow(self, seeds: Iterable[Block], progress: Callable[[int, int], None] = lambda done, known: None) -> None:
        """Evaluates the blocks of `seeds` and, from block to block, all that their surfaces reach."""
        waiting = list(dict.fromkeys(seeds))
        known = set(waiting)
        while waiting:
            batch, waiting = waiting[: self._batch], waiting[self._batch :]
            points = np.concatenate([self._local + BLOCK * np.array(block) for block in batch])
            values = self.level(points.astype(float)).reshape(len(batch), *3 * (BLOCK + 1,))
            for block, block_values in zip(batch, values, strict=True):
                for neighbor in self._insert(block, block_values):
                    if neighbor not in known:
                        known.add(neighbor)
                        waiting.append(neighbor)
            progress(len(self.blocks), len(known))

    def _insert(self, block: Block, values: NDArray[np.float32]) -> list[Block]:
        """Stores a block; returns the neighbors into which its surface goes on.

        Shared points take the value that a neighbor already has: a field need not answer the same twice in its last
        bit, and a sign that differs would tear the surface.
        """
        for offset in _NEIGHBORS:
            other = self.blocks.get((block[0] + offset[0], block[1] + offset[1], block[2] + offset[2]))
            if other is not None:
                values[_side(offset)] = other[_side((-offset[0], -offset[1], -offset[2]))]
        self.blocks[block] = values
        crossed = []
        for offset in _ACROSS_FACES:
            face = values[_side(offset)]
            if face.min() < 0 < face.max():
                crossed.append((block[0] + offset[0], block[1] + offset[1], block[2] + offset[2]))
        return crossed


def _side(offset: Block) -> tuple[slice | int, ...]:
    """The points of a block that its neighbor at `offset` has too."""
    return tuple(slice(None) if o == 0 else (BLOCK if o > 0 else 0) for o in offset)


def march(lattice: Lattice) -> Mesh:
    """The surface s = 0 in the world, closed and with its outside where density is low.

    Needs: every block that the surface passes through (see `Lattice.follow`). Blocks are welded by the lattice edge that
    each vertex lies on, which is exact; vertices then slide along their edges to where the field itself has its level.
    """
    keys, starts, ends, places, faces = [], [], [], [], []
    count = 0
    for block, values in lattice.blocks.items():
        if not values.min() < 0 < values.max():
            continue
        vertices, triangles = _marching_cubes(values)
        offsets = np.abs(vertices - np.rint(vertices))
        axis = offsets.argmax(1)
        rows = np.arange(len(vertices))
        low = np.rint(vertices).astype(np.int64)
        low[rows, axis] = np.floor(vertices[rows, axis]).astype(np.int64)
        high = low.copy()
        high[rows, axis] += 1
        lattice_low = low + BLOCK * np.array(block)
        keys.append(_key(lattice_low, axis))
        places.append(lattice_low)
        starts.append(values[tuple(low.T)])
        ends.append(values[tuple(high.T)])
        faces.append(triangles + count)
        count += len(vertices)
    if not keys:
        return Mesh(np.zeros((0, 3)), np.zeros((0, 3), np.int64))
    key, first, inverse = np.unique(np.concatenate(keys), return_index=True, return_inverse=True)
    base = np.concatenate(places)[first].astype(float)
    fraction = _slide(lattice, base, key & 3, np.concatenate(starts)[first], np.concatenate(ends)[first])
    base[np.arange(len(base)), key & 3] += fraction
    return Mesh(lattice.origin + lattice.cell * base, inverse[np.concatenate(faces)].reshape(-1, 3).astype(np.int64))


def _key(low: Index, axis: Index) -> Index:
    """One number per lattice edge: from point `low` [N, 3] along `axis` [N]."""
    biased = low + _BIAS
    return ((biased[:, 0] << 20 | biased[:, 1]) << 20 | biased[:, 2]) << 2 | axis


def _slide(lattice: Lattice, base: Array, axis: Index, s0: NDArray[np.float32], s1: NDArray[np.float32]) -> Array:
    """Where on its edge [0, 1] each vertex lies: the rule of false position, asking the field itself."""
    rows = np.arange(len(base))
    low, high = np.zeros(len(base)), np.ones(len(base))
    s0, s1 = s0.astype(float), s1.astype(float)
    for _ in range(SLIDES):
        at = (low + (high - low) * s0 / (s0 - s1)).clip(low, high)
        points = base.copy()
        points[rows, axis] += at
        s = lattice.level(points).astype(float)
        before = (s > 0) == (s0 > 0)  # the level lies beyond this point
        low, s0 = np.where(before, at, low), np.where(before, s, s0)
        high, s1 = np.where(before, high, at), np.where(before, s1, s)
    # A vertex on a lattice point would make triangles without area.
    return (low + (high - low) * s0 / (s0 - s1)).clip(0.01, 0.99)


def _marching_cubes(values: NDArray[np.float32]) -> tuple[Array, Index]:
    """vertices in cells and faces of s = 0, counter-clockwise as seen from where s is negative."""
    try:
        import mcubes
    except ImportError:  # no wheel for Python 3.12 and later: the other library's surfaces are as closed
        from skimage.measure import marching_cubes

        # "ascent" is its word for faces that are counter-clockwise from the low side. The classic table decides by signs
        # alone, so blocks agree; Lewiner's compares products, which ties and rounding decide differently.
        vertices, faces, _, _ = marching_cubes(values, 0.0, gradient_direction="ascent", method="lorensen")
        return vertices.astype(float), faces.astype(np.int64)
    vertices, faces = mcubes.marching_cubes(values, 0.0)
    return vertices, faces.astype(np.int64)
