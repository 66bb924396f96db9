"""Texture coordinates: the charts of `charts.cut`, packed by xatlas at one common density of texels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xatlas

from .charts import cut
from .topology import Array, Index, Mesh

FILL = 0.85  # of the texture's side: where the search for the density of texels begins
CLOSE = 0.97  # a side this near to the texture's is as good as filling it
PACK_ROUNDS = 6
PACK_PX = 1024
LAYOUT_PX = 4096.0  # width of the rows in which charts are handed over: positions stay exact in 32 bits


@dataclass(frozen=True)
class Unwrapped:
    """A mesh cut open along its charts.

    source [N]: which vertex of the mesh each vertex is a copy of; faces [F, 3] into these, in the mesh's order;
    uv [N, 2] in [0, 1], u to the right, v upwards; chart [F]; texels_per_unit of length.
    """

    source: Index
    faces: Index
    uv: Array
    chart: Index
    texels_per_unit: float
    utilization: float  # of the texture's area, by charts


def unwrap(mesh: Mesh, texture_px: int, padding_px: int) -> Unwrapped:
    """Texture coordinates for every face; charts keep `padding_px` texels between them and from the texture's edge."""
    charts = cut(mesh)
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
    # Large textures are packed small and then enlarged: the search's time grows with the number of texels.
    enlarge = max(1, round(texture_px / PACK_PX))
    pixels, scale = _pack(outlines, texture_px / enlarge, -(-padding_px // (2 * enlarge)))
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


def _pack(outlines: list[tuple[Array, Index]], texture_px: float, padding_px: int) -> tuple[list[Array], float]:
    """Places charts (points [n, 2], faces [m, 3]) in the texture.

    xatlas finds the size that a density of texels needs, not the density that fits a size; a few rounds of search do
    that, so that padding is in true texels.

    Returns:
        each chart's points in texels, and texels per unit of length.
    """
    area = sum(float(np.abs(_areas(points[faces])).sum()) for points, faces in outlines)
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
        if not fits < scale < too_large:  # sizes rise with the scale only on the whole
            scale = (fits + too_large) / 2
        if fits and too_large / fits < 1 + (1 - CLOSE) / 2:
            break
    if best is None:  # so many charts that their padding alone fills the texture: shrink the picture, padding and all
        shrink = room / side
        return [(points - side / 2) * shrink + texture_px / 2 for points in pixels], scale * shrink
    return best


def _pack_at(outlines: list[tuple[Array, Index]], scale: float, padding_px: int) -> tuple[list[Array], float]:
    """Each chart's points in texels at `scale` texels per unit, and the side of the square that holds them all.

    All charts go in as one mesh, laid out side by side: xatlas takes meshes of equal size for copies of one another.
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
    pixels = [_follow(*pair) for pair in zip((flat for flat, _ in outlines), np.split(placed, starts), strict=True)]
    return pixels, float(size.max())


def _follow(points: Array, placed: Array) -> Array:
    """All points of a chart where xatlas put those that it kept: it drops faces that it takes for flat."""
    known = np.isfinite(placed[:, 0])
    if known.all():
        return placed
    if known.sum() < 3:
        return np.broadcast_to(placed[known].mean(0) if known.any() else np.zeros(2), points.shape).copy()
    source = np.c_[points, np.ones(len(points))]
    transform, *_ = np.linalg.lstsq(source[known], placed[known], rcond=None)
    return np.where(known[:, None], placed, source @ transform)


def _areas(triangles: Array) -> Array:
    """[n, 3, 2] -> [n]"""
    p, q = triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0]
    return (p[:, 0] * q[:, 1] - p[:, 1] * q[:, 0]) / 2
