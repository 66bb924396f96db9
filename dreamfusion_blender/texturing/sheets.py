"""Divides the surface into sheets: square textures. A group of material slots shares textures; each tile of a UDIM is a sheet."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..backend.errors import JobError
from ..backend.inputs.mesh_file import double_areas
from ..core.translate import tr

Floats = NDArray[np.float32]
Index = NDArray[np.int64]
FIRST_TILE = 1001
EDGE = 1e-5  # tolerance at the border of a tile
CELLS = 512  # along the side of a tile, of the grid that finds overlaps
OVERLAP = 0.002  # of the cells; a false alarm only costs one more texture
MAX_SAMPLES = 1 << 22


@dataclass(frozen=True)
class Sheets:
    """
    Attributes:
        groups: the material slots that share textures.
        sheets: (group, UDIM number of the tile) of each sheet.
        of_face: [F], sheet of each triangle.
        uv: [F, 3, 2], in [0, 1] on the sheet.
    """

    groups: tuple[tuple[int, ...], ...]
    sheets: tuple[tuple[int, int], ...]
    of_face: Index
    uv: Floats


def divide(uv: Floats, slot: Index, kinds: Mapping[int, Hashable], name: str) -> Sheets:
    """Assigns each triangle to a sheet.

    Args:
        uv: [F, 3, 2].
        slot: [F], material slot.
        kinds: of each slot. Only slots of the same kind can share textures.
        name: of the UV map, for the message.

    Raises:
        JobError: the UV map has no area, or crosses the border of a tile.
    """
    if not np.isfinite(uv).all() or not (double_areas(uv) > 2e-12).any():
        text = tr('The UV map "{name}" has no area. Unwrap the object, or choose New as UV Map.')
        raise JobError(text.format(name=name))
    tile, local = _tiles(uv, name)
    groups = _group(local, slot, tile, kinds)
    number_of = {slot_: number for number, slots in enumerate(groups) for slot_ in slots}
    lookup = np.array([number_of.get(number, 0) for number in range(max(number_of) + 1)])
    key = lookup[slot] * 10_000 + tile
    found, of_face = np.unique(key, return_inverse=True)
    sheets = tuple((int(value) // 10_000, int(value) % 10_000) for value in found)
    return Sheets(tuple(groups), sheets, of_face.reshape(-1), local)


def _tiles(uv: Floats, name: str) -> tuple[Index, Floats]:
    """The UDIM number of each triangle [F], and its UVs within the tile."""
    a, b, c = uv[:, 0], uv[:, 1], uv[:, 2]  # much faster than a minimum along an axis of length 3
    low = np.floor(np.minimum(np.minimum(a, b), c) + EDGE)
    high = np.ceil(np.maximum(np.maximum(a, b), c) - EDGE) - 1
    corner = np.where(high < low, np.maximum(high, 0), low)  # lines and points on a border have a choice
    if (high > low).any() or corner.min() < 0 or corner[:, 0].max() > 9 or corner[:, 1].max() > 99:
        text = tr('The UV map "{name}" crosses the border of its tile. Move each island into one tile, or choose New.')
        raise JobError(text.format(name=name))
    tile = FIRST_TILE + corner[:, 0].astype(np.int64) + 10 * corner[:, 1].astype(np.int64)
    return tile, (uv - corner[:, None]).clip(0, 1).astype(np.float32)


def _group(uv: Floats, slot: Index, tile: Index, kinds: Mapping[int, Hashable]) -> list[tuple[int, ...]]:
    """Groups slots of the same kind whose UVs do not overlap."""
    used = [int(number) for number in np.unique(slot)]
    if len(used) == 1:
        return [(used[0],)]
    groups: list[tuple[Hashable, list[int], NDArray[np.int64]]] = []
    for number in used:
        rows = np.flatnonzero(slot == number)
        cells = _cells(uv[rows], tile[rows])
        for at, (kind, members, taken) in enumerate(groups):
            if kind == kinds[number] and not _overlap(cells, taken):
                groups[at] = (kind, [*members, number], np.union1d(cells, taken))
                break
        else:
            groups.append((kinds[number], [number], cells))
    return [tuple(members) for _, members, _ in groups]


def _overlap(cells: Index, others: Index) -> bool:
    shared = len(np.intersect1d(cells, others, assume_unique=True))
    return shared > max(4, OVERLAP * min(len(cells), len(others)))


def _cells(uv: Floats, tile: Index) -> Index:
    """The cells of a grid that triangles [T, 3, 2] cover, found by random points on them."""
    random = np.random.default_rng(0)
    counts = 1 + np.ceil(double_areas(uv) / 2 * CELLS**2).astype(np.int64)
    counts = np.minimum(counts, max(1, MAX_SAMPLES // len(counts)))
    which = np.repeat(np.arange(len(uv)), counts)
    a, b = random.random((2, len(which)))
    is_beyond = a + b > 1
    a[is_beyond], b[is_beyond] = 1 - a[is_beyond], 1 - b[is_beyond]
    p, q, r = uv[which].transpose(1, 0, 2)
    at = (p + a[:, None] * (q - p) + b[:, None] * (r - p)) * CELLS
    column, row = at.astype(np.int64).clip(0, CELLS - 1).T
    return np.unique((tile[which] * CELLS + row) * CELLS + column)
