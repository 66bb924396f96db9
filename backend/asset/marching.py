"""Sparse marching cubes: evaluates only the blocks of a grid that the surface passes through.

The lattice point with the integer coordinates (i, j, k) is at `origin + cell * (i, j, k)`. Block (a, b, c) spans the
points 8 a .. 8 a + 8 along x, and likewise along y and z; it shares its outer points with its neighbors. The surface is
the zero level set of

    s = (density - iso) / (density + iso) = tanh(log(density / iso) / 2),   -1 .. 1,

because densities grow exponentially and linear interpolation fits their logarithm better.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from itertools import product

import numpy as np
from numpy.typing import NDArray

from .topology import Array, Index, Mesh

BLOCK = 8  # cells along the side of a block: few evaluations off the surface, but enough work for each numpy call
PROBE = 4  # cells between two probes of a block
PROGRESS_EVERY = 256  # blocks
REFINE_STEPS = 2  # corrections of each vertex along its edge
_CLEARANCE = 1e-3  # least |s|: keeps vertices off the lattice points, where the edge of a vertex would be ambiguous
_BIAS = 1 << 19  # makes lattice indices nonnegative; a key packs three of 20 bits and the axis

Block = tuple[int, int, int]
Density = Callable[[Array], NDArray[np.float32]]  # points [N, 3] in world space -> density [N], per unit of length
_NEIGHBORS: list[Block] = [(a, b, c) for a, b, c in product((-1, 0, 1), repeat=3) if a or b or c]
_ACROSS_FACES = [offset for offset in _NEIGHBORS if sum(map(abs, offset)) == 1]


class Lattice:
    """Values of the level function on the lattice, evaluated block by block.

    Args:
        density: the field.
        iso: density at the surface.
        origin: world position of lattice point (0, 0, 0) [3].
        cell: edge length of a cell, world units.
        chunk_points: approximate number of points for each call of `density`.
    """

    def __init__(self, density: Density, iso: float, origin: Array, cell: float, chunk_points: int) -> None:
        self._density, self.iso, self.origin, self.cell = density, iso, np.asarray(origin, float), cell
        self._batch = max(1, chunk_points // (BLOCK + 1) ** 3)
        steps = np.arange(BLOCK + 1)
        self._local = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), -1).reshape(-1, 3)
        self.blocks: dict[Block, NDArray[np.float32]] = {}

    def level(self, points: Array) -> NDArray[np.float32]:
        """points [N, 3], lattice coordinates -> s [N], with |s| at least `_CLEARANCE`."""
        density = self._density(self.origin + self.cell * points)
        s = (density - self.iso) / (density + self.iso)
        return np.where(s > 0, s.clip(_CLEARANCE, None), s.clip(None, -_CLEARANCE)).astype(np.float32)

    def find_seeds(self, blocks: Index) -> list[Block]:
        """Returns those of `blocks` [N, 3] in which a few probes find both sides of the surface."""
        probes = np.stack(np.meshgrid(*3 * [np.arange(0, BLOCK + 1, PROBE)], indexing="ij"), -1).reshape(-1, 3)
        found: list[Block] = []
        for part in np.array_split(blocks, max(1, len(blocks) * len(probes) // (self._batch * (BLOCK + 1) ** 3) + 1)):
            points = (part[:, None] * BLOCK + probes).reshape(-1, 3)
            inside = (self.level(points.astype(float)) > 0).reshape(len(part), -1)
            crossed = inside.any(1) & ~inside.all(1)
            found += [(int(a), int(b), int(c)) for a, b, c in part[crossed]]
        return found

    def follow_surface(
        self,
        seeds: Iterable[Block],
        progress: Callable[[int, int], None] = lambda done, known: None,
        max_blocks: float = math.inf,
    ) -> bool:
        """Evaluates the blocks `seeds` and, from block to block, all others that their surfaces extend into.

        progress receives the numbers of evaluated and of known blocks.

        Returns:
            False if there are more than `max_blocks`.
        """
        pending = list(dict.fromkeys(seeds))
        known = set(pending)
        while pending:
            batch, pending = pending[: self._batch], pending[self._batch :]
            points = np.concatenate([self._local + BLOCK * np.array(block) for block in batch])
            values = self.level(points.astype(float)).reshape(len(batch), *3 * (BLOCK + 1,))
            for block, block_values in zip(batch, values, strict=True):
                for neighbor in self._insert(block, block_values):
                    if neighbor not in known:
                        known.add(neighbor)
                        pending.append(neighbor)
            progress(len(self.blocks), len(known))
            if len(known) > max_blocks:
                return False
        return True

    def _insert(self, block: Block, values: NDArray[np.float32]) -> list[Block]:
        """Stores a block and returns the neighbors into which its surface continues.

        Shared points take the value that is already stored in a neighbor: a field may differ in the last bit between
            two evaluations, and a different sign would leave a crack in the surface.
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
    """Slice of the points that a block shares with its neighbor at `offset`."""
    return tuple(slice(None) if o == 0 else (BLOCK if o > 0 else 0) for o in offset)


def march(lattice: Lattice, progress: Callable[[float], None] = lambda fraction: None) -> Mesh:
    """Extracts the surface s = 0 in world space: closed, with its front faces toward low density.

    The lattice must contain every block that the surface passes through (see `Lattice.follow_surface`). Blocks are
    welded exactly, by the lattice edge of each vertex. The vertices are then moved along their edges to the level set
    of the field.
    """
    keys, starts, ends, low_points, faces = [], [], [], [], []
    count = 0
    for done, (block, values) in enumerate(lattice.blocks.items()):
        if done % PROGRESS_EVERY == 0:
            progress(done / len(lattice.blocks))
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
        low_points.append(lattice_low)
        starts.append(values[tuple(low.T)])
        ends.append(values[tuple(high.T)])
        faces.append(triangles + count)
        count += len(vertices)
    if not keys:
        return Mesh(np.zeros((0, 3)), np.zeros((0, 3), np.int64))
    key, first, inverse = np.unique(np.concatenate(keys), return_index=True, return_inverse=True)
    base = np.concatenate(low_points)[first].astype(float)
    fraction = _refine_crossings(lattice, base, key & 3, np.concatenate(starts)[first], np.concatenate(ends)[first])
    base[np.arange(len(base)), key & 3] += fraction
    return Mesh(lattice.origin + lattice.cell * base, inverse[np.concatenate(faces)].reshape(-1, 3).astype(np.int64))


def _key(low: Index, axis: Index) -> Index:
    """[N]: a unique number for the lattice edge from the point `low` [N, 3] along `axis` [N]."""
    biased = low + _BIAS
    return ((biased[:, 0] << 20 | biased[:, 1]) << 20 | biased[:, 2]) << 2 | axis


def _refine_crossings(
    lattice: Lattice, base: Array, axis: Index, s0: NDArray[np.float32], s1: NDArray[np.float32]
) -> Array:
    """[N]: the position of each vertex on its edge, 0 to 1, found with the method of false position on the field.

    base [N, 3]: the lower end of each edge, lattice coordinates; axis [N]: its direction; s0, s1 [N]: s at both ends.
    """
    rows = np.arange(len(base))
    low, high = np.zeros(len(base)), np.ones(len(base))
    s0, s1 = s0.astype(float), s1.astype(float)
    for _ in range(REFINE_STEPS):
        at = (low + (high - low) * s0 / (s0 - s1)).clip(low, high)
        points = base.copy()
        points[rows, axis] += at
        s = lattice.level(points).astype(float)
        before = (s > 0) == (s0 > 0)  # the crossing is beyond this point
        low, s0 = np.where(before, at, low), np.where(before, s, s0)
        high, s1 = np.where(before, high, at), np.where(before, s1, s)
    # A vertex on a lattice point would give triangles without area.
    return (low + (high - low) * s0 / (s0 - s1)).clip(0.01, 0.99)


def _marching_cubes(values: NDArray[np.float32]) -> tuple[Array, Index]:
    """Vertices in cell units and faces of s = 0, counterclockwise as seen from where s is negative."""
    try:
        import mcubes
    except ImportError:  # no wheel for Python 3.12 and later; surfaces of scikit-image are closed as well
        from skimage.measure import marching_cubes

        # "ascent": faces are counterclockwise as seen from the low side. The classic table depends on signs alone, so
        # neighboring blocks agree. Lewiner's method compares products, where ties and rounding may differ between
        # blocks.
        vertices, faces, _, _ = marching_cubes(values, 0.0, gradient_direction="ascent", method="lorensen")
        return vertices.astype(float), faces.astype(np.int64)
    vertices, faces = mcubes.marching_cubes(values, 0.0)
    return vertices, faces.astype(np.int64)
