"""Calls xatlas. This file runs in a separate process, see `atlas`, so it imports nothing of this package.

xatlas starts threads for each atlas, and waits for their end when the atlas is destroyed. If it wakes a thread just before that thread
begins to sleep, both wait forever, with Python's lock held: about once in ten thousand atlases on a busy computer. Therefore no
atlas is destroyed here. The process ends instead.
"""

from __future__ import annotations

import io
import os
import sys
from typing import Any

import numpy as np
import xatlas
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.int64]
Arrays = dict[str, Any]  # NDArray by name

FILL = 0.85  # initial guess of the share of the texture's side that the charts fill
CLOSE = 0.97  # the search ends when the charts fill this share of the texture's side
PACK_ROUNDS = 6
LAYOUT_PX = 4096.0  # width of the rows of charts in the input of xatlas: keeps positions exact in float32

_kept: list[Any] = []  # atlases, see above


def main() -> None:
    """Reads the arguments of a function from stdin, and writes its results to stdout, both as NPZ. Never returns."""
    given = dict(np.load(io.BytesIO(sys.stdin.buffer.read()), allow_pickle=False))
    made = pack(given) if "counts" in given else parametrize(given)
    np.savez(sys.stdout.buffer, **made)
    sys.stdout.buffer.flush()
    os._exit(0)  # without destroying the atlases


def parametrize(given: Arrays) -> Arrays:
    """Cuts and packs a mesh: `vertices` [V, 3], `faces` [F, 3] -> `faces` [F, 3], `uv` [N, 2] in [0, 1]."""
    atlas = _new_atlas()
    atlas.add_mesh(given["vertices"].astype(np.float32), given["faces"].astype(np.uint32))
    atlas.generate()
    _, faces, uv = atlas.get_mesh(0)
    return {"faces": np.asarray(faces, np.int64), "uv": np.asarray(uv, np.float64)}


def pack(given: Arrays) -> Arrays:
    """Packs charts.

    Args:
        given: `points` [N, 2] of all charts in world units, `faces` [M, 3] with the indices of each chart from 0, `counts` [C, 2]: the
            numbers of points and faces of each chart, `texture_px`, `padding_px`.

    Returns:
        `points` [N, 2] in texels, and `scale`: the texels per world unit.
    """
    points, faces = (
        np.split(given[name], np.cumsum(given["counts"][:-1, column]))
        for column, name in enumerate(("points", "faces"))
    )
    placed, scale = _pack(list(zip(points, faces, strict=True)), float(given["texture_px"]), int(given["padding_px"]))
    return {"points": np.concatenate(placed), "scale": np.array(scale)}


def _new_atlas() -> Any:
    _kept.append(xatlas.Atlas())
    return _kept[-1]


def _pack(outlines: list[tuple[Array, Index]], texture_px: float, padding_px: int) -> tuple[list[Array], float]:
    """Packs charts (points [n, 2] in world units, faces [m, 3]) into the texture.

    xatlas computes the texture size for a texel density. A search over the density finds the one that fits the given
    size, with the padding in true texels.

    Returns:
        The points of each chart in texels [n, 2], and the texels per world unit.
    """
    area = sum(float(np.abs(areas(points[faces])).sum()) for points, faces in outlines)
    widest = max(float(np.ptp(points, 0).max()) for points, _ in outlines)
    room = max(texture_px - 2 * padding_px, 1)
    scale = min(FILL * room / np.sqrt(max(area, 1e-30)), room / max(widest, 1e-30))
    best: tuple[list[Array], float] | None = None
    too_large = np.inf
    for _ in range(PACK_ROUNDS):
        pixels, side = _pack_at(outlines, scale, padding_px)
        if side <= room and (best is None or scale > best[1]):
            best = [points + (texture_px - side) / 2 for points in pixels], scale
        elif side > room:
            too_large = min(too_large, scale)
        if CLOSE * room <= side <= room:
            break
        fits = best[1] if best else 0.0
        scale *= room / side * (0.995 if side > room else 1.0)
        if not fits < scale < too_large:  # the packed size is not monotonic in the scale
            scale = (fits + too_large) / 2
        if fits and too_large / fits < 1 + (1 - CLOSE) / 2:
            break
    if best is None:  # the padding alone fills the texture: scale everything down, including the padding
        shrink = room / side
        return [(points - side / 2) * shrink + texture_px / 2 for points in pixels], scale * shrink
    return best


def _pack_at(outlines: list[tuple[Array, Index]], scale: float, padding_px: int) -> tuple[list[Array], float]:
    """Packs at `scale` texels per world unit; returns the points of each chart in texels and the side of the square.

    All charts are passed as one mesh, side by side, because xatlas treats meshes of equal size as copies of one
    another.
    """
    points, faces, count, x, y, tall = [], [], 0, 0.0, 0.0, 0.0
    for flat, corners in outlines:
        local = (flat - flat.min(0)) * scale
        if x > LAYOUT_PX:
            x, y, tall = 0.0, y + tall + 2, 0.0
        points.append(local + (x, y))
        faces.append(corners + count)
        count, x, tall = count + len(flat), x + local[:, 0].max() + 2, max(tall, float(local[:, 1].max()))
    atlas = _new_atlas()
    atlas.add_uv_mesh(np.concatenate(points).astype(np.float32), np.concatenate(faces).astype(np.uint32))
    options = xatlas.PackOptions()
    options.padding, options.texels_per_unit, options.resolution = padding_px, 1.0, 0
    options.bilinear, options.blockAlign, options.rotate_charts = True, False, True
    atlas.generate(pack_options=options)
    size = np.array([atlas.width, atlas.height], float)
    origin, _, uv = atlas.get_mesh(0)
    placed = np.full((count, 2), np.nan)
    placed[np.asarray(origin, np.int64)] = np.asarray(uv, float) * size
    starts = np.cumsum([len(flat) for flat, _ in outlines])[:-1]
    pixels = [
        _place_dropped(*pair) for pair in zip((flat for flat, _ in outlines), np.split(placed, starts), strict=True)
    ]
    return pixels, max(1.0, float(size.max()))


def _place_dropped(points: Array, placed: Array) -> Array:
    """Places the points of a chart [n, 2] that xatlas dropped (NaN in `placed` [n, 2]) with the others' transform.

    xatlas drops the vertices of faces that it considers degenerate.
    """
    known = np.isfinite(placed[:, 0])
    if known.all():
        return placed
    if known.sum() < 3:
        return np.broadcast_to(placed[known].mean(0) if known.any() else np.zeros(2), points.shape).copy()
    source = np.c_[points, np.ones(len(points))]
    transform, *_ = np.linalg.lstsq(source[known], placed[known], rcond=None)
    return np.where(known[:, None], placed, source @ transform)


def areas(triangles: Array) -> Array:
    """Signed areas: [n, 3, 2] -> [n]."""
    p, q = triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0]
    return (p[:, 0] * q[:, 1] - p[:, 1] * q[:, 0]) / 2


if __name__ == "__main__":
    main()
