"""Writes the result of painting: the textures, a GLB file with the painted mesh, and the report."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ..asset.build import write_png
from ..asset.glb import encode_glb
from ..asset.topology import Mesh, vertex_normals
from ..asset.unwrap import Unwrapped
from ..config.mesh import MeshSettings
from ..jobs.files import write_atomic
from .bake import bake_sheets
from .scene import PaintedScene
from .surface import Surface

Pixels = NDArray[np.uint8]


def sheet_name(number: int) -> str:
    """The file of a sheet's texture in the folder of the asset."""
    return "albedo.png" if number == 0 else f"albedo-{number}.png"


def paint_asset(
    scene: PaintedScene, settings: MeshSettings, folder: Path, progress: Callable[[str, float], None]
) -> dict[str, Any]:
    """Writes the textures, mesh.glb and report.json, and returns the content of the report. mesh.glb is written last.

    Raises:
        OSError: the folder cannot be written.
    """
    started = time.monotonic()
    progress("baking", 0.0)
    surface = scene.surface
    painted = bake_sheets(
        surface,
        scene.colors,
        settings.texture_px,
        settings.padding_px,
        scene.keeps_present,
        lambda fraction: progress("baking", fraction),
    )
    progress("exporting", 0.0)
    for number, pixels in enumerate(painted.pixels):
        write_png(folder / sheet_name(number), pixels)
    progress("exporting", 0.5)
    report = {
        **painted.report,
        "faces": len(surface.mesh.faces),
        "texture_px": settings.texture_px,
        "formats": [],
        "seconds": {"total": round(time.monotonic() - started, 3)},
    }
    glb = encode_painted(surface, painted.pixels, settings.roughness)
    write_atomic(folder / "report.json", json.dumps(report, indent=2) + "\n")
    write_atomic(folder / "mesh.glb", glb)
    progress("exporting", 1.0)
    return report


def encode_painted(surface: Surface, sheets: tuple[Pixels, ...], roughness: float) -> bytes:
    """A GLB file in the frame of the job, with all sheets in one texture."""
    uv, picture = _join(surface, sheets)
    mesh = surface.mesh
    count = len(mesh.faces)
    # One vertex for each different pair of position and texture coordinate.
    key = np.c_[mesh.faces.reshape(-1, 1), (uv.reshape(-1, 2) * 65536).round().astype(np.int64)]
    _, first, inverse = np.unique(key, axis=0, return_index=True, return_inverse=True)
    unwrapped = Unwrapped(
        source=mesh.faces.ravel()[first],
        faces=inverse.reshape(count, 3),
        uv=uv.reshape(-1, 2)[first].astype(np.float64),
        chart=np.zeros(count, np.int64),
        texels_per_unit=0.0,
        utilization=0.0,
    )
    return encode_glb(Mesh(mesh.vertices, mesh.faces), vertex_normals(mesh), unwrapped, picture, roughness)


def _join(surface: Surface, sheets: tuple[Pixels, ...]) -> tuple[NDArray[np.float32], Pixels]:
    """Texture coordinates [F, 3, 2] and one texture for all sheets, in rows of equal squares."""
    if len(sheets) == 1:
        return surface.source.uv, np.ascontiguousarray(sheets[0])
    across = int(np.ceil(np.sqrt(len(sheets))))
    down = -(-len(sheets) // across)
    side = max(max(pixels.shape[:2]) for pixels in sheets)
    side = max(1, min(side, 4096 // across))
    picture = np.zeros((down * side, across * side, 3), np.uint8)
    for number, pixels in enumerate(sheets):
        row, column = divmod(number, across)
        resized = Image.fromarray(pixels).resize((side, side), Image.Resampling.BOX)
        picture[row * side : (row + 1) * side, column * side : (column + 1) * side] = np.asarray(resized)
    rows, columns = np.divmod(surface.source.sheet, across)
    u = (columns[:, None] + surface.source.uv[..., 0]) / across
    v = 1 - (rows[:, None] + 1 - surface.source.uv[..., 1]) / down
    return np.stack((u, v), -1).astype(np.float32), picture
