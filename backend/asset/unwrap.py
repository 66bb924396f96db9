"""UV unwrapping: xatlas packs the charts of `charts.cut_charts` with the same texel density for all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .atlas import pack_charts
from .charts import cut_charts
from .packing import areas
from .topology import Array, Index, Mesh

PACK_PX = 1024  # packing happens at about this size


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
    pixels, scale = pack_charts(outlines, texture_px / enlarge, -(-padding_px // (2 * enlarge)), check)
    pixels, scale = [enlarge * points for points in pixels], enlarge * scale
    area = sum(float(np.abs(areas(part.flat)).sum()) for part in charts)
    return Unwrapped(
        source=np.concatenate(source),
        faces=faces,
        uv=np.concatenate(pixels) / texture_px,
        chart=chart,
        texels_per_unit=scale,
        utilization=area * scale**2 / texture_px**2,
    )
