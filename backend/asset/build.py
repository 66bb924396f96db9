"""Exports a field as an asset: mesh.glb, albedo.png and report.json, optionally more maps and other file formats."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ..config.mesh import MeshSettings
from ..fields.base import Field
from ..jobs.files import write_atomic
from .field_sampler import FieldSampler
from .formats import ALBEDO, write_formats
from .glb import encode_glb
from .normal_map import bake_normals
from .opacity import mean_iou, mesh_silhouettes
from .raster import fill_uncovered
from .roughness import bake_roughness
from .surface import Surface, extract_surface
from .texture import Texture, bake_albedo
from .topology import Mesh, examine, face_volumes, vertex_normals
from .unwrap import Unwrapped, unwrap

Pixels = NDArray[np.uint8]
# mesh, its texture coordinates, the texture [H, W, 3] sRGB -> refined mesh, refined texture, entries for the report
Refine = Callable[[Mesh, Unwrapped, Pixels], tuple[Mesh, Pixels, dict[str, Any]]]


def build_asset(
    field: Field,
    settings: MeshSettings,
    folder: Path,
    progress: Callable[[str, float], None] = lambda phase, fraction: None,
    refine: Refine | None = None,
) -> dict[str, Any]:
    """Writes the asset into `folder`, which is created if necessary, and returns the contents of `report.json`.

    mesh.glb is written last, so its presence means that the asset is complete.

    Args:
        progress: receives the phase ("extracting", "baking" or "exporting") and a fraction from 0 to 1. An exception
            that it raises stops the export.
        refine: changes the vertices and the texture before the export; faces and texture coordinates stay the same. Its
            exceptions stop the export as well.

    Raises:
        UserError: the field has no surface (code "empty").
        OSError: the folder cannot be written.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    seconds: dict[str, float] = {}
    sampler = FieldSampler(field, settings.chunk_points)

    progress("extracting", 0.0)
    with _timed(seconds, "surface"):
        surface = extract_surface(sampler, settings, _monotonic(lambda fraction: progress("extracting", fraction)))
    mesh = surface.mesh

    progress("baking", 0.0)
    with _timed(seconds, "unwrap"):
        unwrapped = unwrap(mesh, settings.texture_px, settings.padding_px, lambda: progress("baking", 0.0))
        normals = vertex_normals(mesh)
    progress("baking", 0.2)
    with _timed(seconds, "bake"):
        texture = bake_albedo(
            sampler,
            mesh,
            normals,
            unwrapped,
            settings.texture_px,
            settings.bake_samples,
            settings.bake_depth * surface.opacity.cell,
            lambda fraction: progress("baking", 0.2 + 0.8 * fraction),
        )

    def check() -> None:
        progress("baking", 1.0)

    normal_map, roughness_map = None, None
    if surface.detail is not None and settings.normal_px:
        with _timed(seconds, "normals"):
            normal_map = bake_normals(surface.detail, mesh, normals, unwrapped, settings.normal_px, check)
    if surface.detail is not None and settings.roughness_px:
        with _timed(seconds, "roughness"):
            roughness_map = bake_roughness(
                surface.detail, mesh, unwrapped, settings.roughness_px, settings.roughness, check
            )

    refined: dict[str, Any] = {}
    if refine is not None:
        with _timed(seconds, "refine"):
            # The normal map stays valid: it is relative to the smooth normals, whatever their direction.
            before, (mesh, pixels, facts) = mesh, refine(mesh, unwrapped, texture.pixels)
            texture = replace(texture, pixels=fill_uncovered(pixels, texture.covered))
            normals = vertex_normals(mesh)
            refined = {"refinement": {**facts, "silhouette_iou_before": _silhouette_iou(before, surface)}}

    progress("exporting", 0.0)
    with _timed(seconds, "check"):
        facts = _quality(mesh, surface, unwrapped, texture) | refined
    with _timed(seconds, "export"):
        write_png(folder / ALBEDO, texture.pixels)
        if normal_map is not None:
            write_png(folder / "normal.png", normal_map)
        if roughness_map is not None:
            write_png(folder / "roughness.png", roughness_map)
        progress("exporting", 0.5)
        facts["formats"] = write_formats(
            settings.formats, folder, mesh, normals, unwrapped, texture.pixels, settings.roughness
        )
        glb = encode_glb(mesh, normals, unwrapped, texture.pixels, settings.roughness, normal_map, roughness_map)
    seconds["total"] = round(sum(seconds.values()), 3)
    report = {
        **facts,
        "texture_px": settings.texture_px,
        "seconds": seconds,
        "settings": {**asdict(settings), "formats": list(settings.formats)},
    }
    write_atomic(folder / "report.json", json.dumps(report, indent=2) + "\n")
    write_atomic(folder / "mesh.glb", glb)
    progress("exporting", 1.0)
    return report


def _quality(mesh: Mesh, surface: Surface, unwrapped: Unwrapped, texture: Texture) -> dict[str, Any]:
    """Returns the entries of the report that describe the quality of mesh and texture."""
    shape = examine(mesh)
    return {
        "watertight": shape.watertight,
        "manifold": shape.manifold,
        "components": shape.components,
        "components_found": surface.raw_components,
        "euler_characteristic": shape.euler,
        "faces": len(mesh.faces),
        "faces_found": surface.raw_faces,
        "within_face_budget": surface.within_budget,
        "vertices": len(mesh.vertices),
        "vertices_in_file": len(unwrapped.source),
        "volume": round(float(face_volumes(mesh).sum()), 6),
        "bounds": [mesh.vertices.min(0).round(5).tolist(), mesh.vertices.max(0).round(5).tolist()],
        "iso_level": round(surface.iso_level, 5),
        "resolution": surface.resolution,
        "cell": round(surface.cell, 6),
        "silhouette_iou": _silhouette_iou(mesh, surface),
        "charts": int(unwrapped.chart.max()) + 1,
        "texels_per_unit": round(unwrapped.texels_per_unit, 2),
        "texture_utilization": round(float(texture.covered.mean()), 4),
        "faces_without_texel": texture.faces_without_texel,
    }


def _silhouette_iou(mesh: Mesh, surface: Surface) -> float:
    """Intersection over union of the silhouettes of the mesh and the field, averaged over all views."""
    silhouettes = surface.opacity.silhouettes
    return round(mean_iou(mesh_silhouettes(mesh, silhouettes.views), silhouettes.masks), 4)


def write_png(file: Path, pixels: NDArray[np.uint8]) -> None:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG", compress_level=4)
    write_atomic(file, stream.getvalue())


def _monotonic(progress: Callable[[float], None]) -> Callable[[float], None]:
    """Keeps the fraction from decreasing when the extraction discovers more blocks."""
    highest = 0.0

    def advance(fraction: float) -> None:
        nonlocal highest
        highest = max(highest, fraction)
        progress(highest)

    return advance


@contextmanager
def _timed(seconds: dict[str, float], stage: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    seconds[stage] = round(time.perf_counter() - start, 3)
