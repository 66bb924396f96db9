"""UV unwrapping: xatlas packs the charts of `charts.cut_charts` with the same texel density for all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import xatlas

from .charts import cut_charts
from .topology import Array, Index, Mesh

FILL = 0.85  # initial guess of the share of the texture's side that the charts fill
CLOSE = 0.97  # the search ends when the charts fill this share of the texture's side
PACK_ROUNDS = 6
PACK_PX = 1024  # packing happens at about this size
LAYOUT_PX = 4096.0  # width of the rows of charts in the input of xatlas: keeps positions exact in float32


@dataclass(frozen=True)
class Unwrapped:
    """A mesh that is split along the boundaries of its charts, with texture coordinates."""

    source: Index  # [N]: the vertex of the mesh that each vertex is a copy of
    faces: Index  # [F, 3]: indices into the N vertices, in the order of the mesh
    uv: Array  # [N, 2]: in [0, 1], u to the right, v up
    chart: Index  # [F]: the chart of each face
    texels_per_unit: float  # texels per world unit
    utilization: float  # share of the texture's area that charts cover


def unwrap(mesh: Mesh, texture_px: int, padding_px: int, check: Callable[[], None] = lambda: None) -> Unwrapped:
    """Assigns texture coordinates to every face, with `padding_px` texels between charts and at the border.

    check is called often. An exception that it raises ends the unwrapping.
    """
    charts = cut_charts(mesh, check)
    chart = np.empty(len(mesh.faces), np.int64)
    faces = np.empty_like(mesh.faces)
    source, outlines, count = [], [], 0
    for number, part in enumerate(charts):
        corners = mesh.faces[part.faces]
        used, first, compact = np.unique(corners, return_index=True, return_inverse=True)
        chart[part.faces] = number
        faces[part.faces] = compact.reshape(-1, 3) + count
        source.append(used)
        outlines.append((part.flat.reshape(-1, 2)[first], compact.reshape(-1, 3)))
        count += len(used)
    # Large textures are packed at a smaller size and scaled up, because packing time grows with the number of texels.
    enlarge = max(1, round(texture_px / PACK_PX))
    padding_px = min(padding_px, texture_px // 4)  # leaves room for the charts
    pixels, scale = _pack(outlines, texture_px / enlarge, -(-padding_px // (2 * enlarge)), check)
    pixels, scale = [enlarge * points for points in pixels], enlarge * scale
    area = sum(float(np.abs(_areas(part.flat)).sum()) for part in charts)
    return Unwrapped(
        source=np.concatenate(source),
        faces=faces,
        uv=np.concatenate(pixels) / texture_px,
        chart=chart,
        texels_per_unit=scale,
        utilization=area * scale**2 / texture_px**2,
    )


def _pack(
    outlines: list[tuple[Array, Index]], texture_px: float, padding_px: int, check: Callable[[], None]
) -> tuple[list[Array], float]:
    """Packs charts (points [n, 2] in world units, faces [m, 3]) into the texture.

    xatlas computes the texture size for a texel density. A search over the density finds the one that fits the given
    size, with the padding in true texels.

    Returns:
        The points of each chart in texels [n, 2], and the texels per world unit.
    """
    area = sum(float(np.abs(_areas(points[faces])).sum()) for points, faces in outlines)
    widest = max(float(np.ptp(points, 0).max()) for points, _ in outlines)
    room = max(texture_px - 2 * padding_px, 1)
    scale = min(FILL * room / np.sqrt(max(area, 1e-30)), room / max(widest, 1e-30))
    best: tuple[list[Array], float] | None = None
    too_large = np.inf
    for _ in range(PACK_ROUNDS):
        check()
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
    atlas = xatlas.Atlas()
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


def _areas(triangles: Array) -> Array:
    """Signed areas: [n, 3, 2] -> [n]."""
    p, q = triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0]
    return (p[:, 0] * q[:, 1] - p[:, 1] * q[:, 0]) / 2
