"""Loads GLB files, our own and those of other programs, with trimesh. Converts from y up to z up."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ...asset.glb import Y_UP
from ...asset.topology import Mesh, vertex_normals
from ...errors import UserError
from ...maths.color import srgb_decode

RADIUS = 0.55  # of the sphere that every object is scaled into, as in the procedural world
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Primitive:
    """A mesh with one material (a primitive, in terms of glTF). Colors are linear RGB."""

    vertices: Floats  # [V, 3]
    normals: Floats  # [V, 3]
    faces: NDArray[np.int64]  # [F, 3]
    tint: Floats  # [3], or [V, 3] for vertex colors
    uv: Floats | None = None  # [V, 2], v up
    texture: Floats | None = None  # [H, W, 3], top row first

    def albedo(self, triangle: NDArray[np.int64], weights: Floats) -> Floats:
        """Face indices [N] and barycentric weights [N, 3] -> linear RGB [N, 3]."""
        corners = self.faces[triangle]
        tint = self.tint if self.tint.ndim == 1 else (self.tint[corners] * weights[..., None]).sum(1)
        if self.texture is None or self.uv is None:
            return np.broadcast_to(tint, (len(triangle), 3))
        return tint * _sample_bilinear(self.texture, (self.uv[corners] * weights[..., None]).sum(1))


def _sample_bilinear(texture: Floats, uv: Floats) -> Floats:
    """Texture [H, W, 3] at uv [N, 2] -> [N, 3]. The texture repeats outside [0, 1], as with glTF's default sampler."""
    height, width = texture.shape[:2]
    x, y = uv[:, 0] * width - 0.5, (1 - uv[:, 1]) * height - 0.5
    left, top = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
    along, down = (x - left)[:, None], (y - top)[:, None]
    rows, columns = (top % height, (top + 1) % height), (left % width, (left + 1) % width)
    above, below = (texture[row, columns[0]] * (1 - along) + texture[row, columns[1]] * along for row in rows)
    return above * (1 - down) + below * down


def load_glb(path: Path) -> list[Primitive]:
    """Returns all primitives of a file, moved and scaled together into the sphere of `RADIUS` around the origin.

    Raises:
        UserError: the file cannot be read or has no faces.
    """
    import trimesh

    try:
        scene = trimesh.load(path, process=False, force="scene")
        meshes = [mesh for mesh in scene.dump() if isinstance(mesh, trimesh.Trimesh) and len(mesh.faces)]
    except Exception as error:  # trimesh and its image readers raise many kinds of errors
        raise UserError(f"Cannot read the mesh {path}: {type(error).__name__}. Export it again.", "mesh") from error
    if not meshes:
        raise UserError(f"The mesh {path} has no faces. Remove the file.", "mesh")
    corners = np.concatenate([np.asarray(mesh.vertices)[np.unique(mesh.faces)] for mesh in meshes]) @ Y_UP
    center = (corners.min(0) + corners.max(0)) / 2
    scale = RADIUS / max(float(np.linalg.norm(corners - center, axis=1).max()), 1e-9)
    return [_primitive(mesh, center, scale) for mesh in meshes]


def _primitive(mesh: Any, center: Floats, scale: float) -> Primitive:
    vertices = (np.asarray(mesh.vertices, float) @ Y_UP - center) * scale
    faces = np.asarray(mesh.faces, np.int64)
    # Normals from the file are in the cache. Otherwise ours are used, because those of trimesh are weighted
    # differently.
    has_normals = "vertex_normals" in mesh._cache.cache
    normals = np.asarray(mesh.vertex_normals, float) @ Y_UP if has_normals else vertex_normals(Mesh(vertices, faces))
    tint, uv, texture = np.full(3, 0.8), None, None
    visual = mesh.visual
    material = getattr(visual, "material", None)
    if material is not None:
        factor = getattr(material, "baseColorFactor", None)
        factor = getattr(material, "diffuse", None) if factor is None else factor
        tint = np.ones(3) if factor is None else _unit(factor)[:3]
        image = getattr(material, "baseColorTexture", None) or getattr(material, "image", None)
        if image is not None and getattr(visual, "uv", None) is not None:
            pixels = torch.from_numpy(np.array(image.convert("RGB"))).double() / 255
            uv, texture = np.asarray(visual.uv, float), srgb_decode(pixels).numpy()
    elif visual.kind == "vertex":  # vertex colors of glTF are linear
        tint = _unit(visual.vertex_colors)[:, :3]
    return Primitive(vertices, normals, faces, tint, uv, texture)


def _unit(color: Any) -> Floats:
    """Converts colors to floats in [0, 1]; trimesh returns bytes or such floats."""
    values = np.asarray(color)
    return values.astype(float) / 255 if values.dtype.kind in "ui" else values.astype(float)
