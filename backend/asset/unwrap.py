"""Texture coordinates: the charts of `charts.cut`, packed by xatlas at one common density of texels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xatlas

from .charts import cut
from .topology import Array, Index, Mesh


FILL = 0.85  # of the texture's side: where the search for the density of texels begins
CLOSE = 0.97  # a side this near to the texture's is as good as filling it
PACK_ROUNDS = 4


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
    utilisation: float  # of the texture's area, by charts


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
    pixels, scale = _pack(outlines, texture_px, padding_px)
    area = sum(float(np.abs(_areas(part.flat)).sum()) for part in charts)
    return Unwrapped(
        source=np.concatenate(source),
        faces=faces,
        uv=np.concatenate(pixels) / texture_px,
        chart=chart,
        texels_per_unit=scale,
        utilisation=area * scale**2 / texture_px**2,
    )


def _pack(outlines: list[tuple[Array, Index]], texture_px: int, padding_px: int) -> tuple[list[Array], float]:
    """Places charts (points [n, 2], faces [m, 3]) in the texture.

    xatlas finds the size that a density of texels needs, not the density that fits a size; a few rounds do that, so
    that padding is in true texels.

    Returns:
        each chart's points in texels, and texels per unit of length.
    """
    area = sum(float(np.abs(_areas(points[faces])).sum()) for points, faces in outlines)
    widest = max(float(np.ptp(points, 0).max()) for points, _ in outlines)
    room = max(texture_px - 2 * padding_px, 1)
    scale = min(FILL * room / np.sqrt(max(area, 1e-30)), room / max(widest, 1e-30))
    best: tuple[list[Array], float] | None = None
    for _ in range(PACK_ROUNDS):
        pixels, side = _pack_at(outlines, scale, padding_px)
        if side <= texture_px and (best is None or scale > best[1]):
            best = pixels, scale
        if texture_px * CLOSE <= side <= texture_px or (best is not None and side > texture_px):
            break
        scale *= min((room / max(side - 2 * padding_px, 1)) * 0.99, 2.0)
    if best is None:  # so many charts that their padding alone fills the texture: shrink the whole picture instead
        best = [points * (texture_px / side) for points in pixels], scale * texture_px / side
    return best


def _pack_at(outlines: list[tuple[Array, Index]], scale: float, padding_px: int) -> tuple[list[Array], float]:
    """Each chart's points in texels at `scale` texels per unit, and the side of the square that holds them all."""
    atlas = xatlas.Atlas()
    for points, faces in outlines:
        atlas.add_uv_mesh((points * scale).astype(np.float32), faces.astype(np.uint32))
    options = xatlas.PackOptions()
    options.padding, options.texels_per_unit, options.resolution = padding_px, 1.0, 0
    options.bilinear, options.blockAlign, options.rotate_charts = True, True, True
    atlas.generate(pack_options=options)
    size = np.array([atlas.width, atlas.height], float)
    pixels = []
    for number, (points, _) in enumerate(outlines):
        origin, _, uv = atlas.get_mesh(number)
        pixels.append(_follow(points, np.asarray(origin, np.int64), np.asarray(uv, float) * size))
    return pixels, float(size.max())


def _follow(points: Array, origin: Index, placed: Array) -> Array:
    """All points of a chart where xatlas put those that it kept: it drops what it takes for flat."""
    source = np.c_[points, np.ones(len(points))]
    if len(np.unique(origin)) < 3:
        return np.broadcast_to(placed.mean(0) if len(placed) else np.zeros(2), points.shape).copy()
    transform, *_ = np.linalg.lstsq(source[origin], placed, rcond=None)
    result = source @ transform
    result[origin] = placed
    return result


def _areas(triangles: Array) -> Array:
    """[n, 3, 2] -> [n]"""
    p, q = triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0]
    return (p[:, 0] * q[:, 1] - p[:, 1] * q[:, 0]) / 2
