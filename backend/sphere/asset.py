"""Writes the deformed sphere as an asset: the same files as `asset.build`, from the optimized mesh and maps themselves."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import interpolate

from ..asset.build import Refine, write_png
from ..asset.formats import ALBEDO, write_formats
from ..asset.glb import encode_glb
from ..asset.raster import coverage, fill_uncovered
from ..asset.topology import examine, face_volumes
from ..config.mesh import MeshSettings
from ..jobs.files import write_atomic
from ..refine.render import vertex_normals
from .solid import SURFACE_DENSITY
from .surface import SphereSurface

Pixels = NDArray[np.uint8]


def sphere_asset(
    surface: SphereSurface,
    settings: MeshSettings,
    folder: Path,
    progress: Callable[[str, float], None],
    refine: Refine | None = None,
) -> dict[str, Any]:
    """Writes the maps, mesh.glb and report.json, and returns the content of the report. mesh.glb is written last.

    Args:
        progress: receives the phase and a fraction from 0 to 1. An exception that it raises stops the export.
        refine: see `asset.build.build_asset`.

    Raises:
        OSError: the folder cannot be written.
    """
    started = time.monotonic()
    progress("baking", 0.0)
    mesh, unwrapped = surface.to_mesh(), surface.unwrapped
    pixels = _pixels(surface, surface.albedo(), settings.texture_px)
    # Flat normals are (0.5, 0.5, 1).
    bumps = _pixels(surface, surface.bumps() / 2 + 0.5, settings.normal_px) if settings.normal_px else None
    refined: dict[str, Any] = {}
    if refine is not None:
        mesh, pixels, facts = refine(mesh, unwrapped, pixels)
        refined = {"refinement": facts}
    progress("exporting", 0.0)
    vertices = torch.from_numpy(mesh.vertices)
    normals = vertex_normals(vertices, torch.from_numpy(mesh.faces)).numpy()  # those that were optimized
    write_png(folder / ALBEDO, pixels)
    if bumps is not None:
        write_png(folder / "normal.png", bumps)
    names = write_formats(settings.formats, folder, mesh, normals, unwrapped, pixels, settings.roughness)
    shape = examine(mesh)
    report = {
        "watertight": shape.watertight,
        "manifold": shape.manifold,
        "components": shape.components,
        "components_found": shape.components,
        "euler_characteristic": shape.euler,
        "faces": len(mesh.faces),
        "vertices": len(mesh.vertices),
        "vertices_in_file": len(unwrapped.source),
        "volume": round(float(face_volumes(mesh).sum()), 6),
        "bounds": [mesh.vertices.min(0).round(5).tolist(), mesh.vertices.max(0).round(5).tolist()],
        "iso_level": SURFACE_DENSITY,
        "charts": int(unwrapped.chart.max()) + 1,
        "texture_px": settings.texture_px,
        "formats": names,
        **refined,
        "seconds": {"total": round(time.monotonic() - started, 3)},
        "settings": {**asdict(settings), "formats": list(settings.formats)},
    }
    glb = encode_glb(mesh, normals, unwrapped, pixels, settings.roughness, bumps)
    write_atomic(folder / "report.json", json.dumps(report, indent=2) + "\n")
    write_atomic(folder / "mesh.glb", glb)
    progress("exporting", 1.0)
    return report


@torch.no_grad()
def _pixels(surface: SphereSurface, image: Tensor, size_px: int) -> Pixels:
    """A map [1, 3, H, W] in [0, 1] as [size_px, size_px, 3], with the nearest color outside of the charts."""
    resized = interpolate(image, (size_px, size_px), mode="bilinear", align_corners=False)[0].permute(1, 2, 0)
    pixels = (resized * 255).round().to(torch.uint8).cpu().numpy()
    unwrapped = surface.unwrapped
    covered = coverage(unwrapped.uv[unwrapped.faces] * size_px, size_px, size_px)[::-1]
    return np.ascontiguousarray(fill_uncovered(pixels, covered))
