"""Exports to formats other than GLB: OBJ and USD with texture, PLY with vertex colors, STL."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import trimesh
from numpy.typing import NDArray
from PIL import Image
from trimesh.visual.color import uv_to_color

from ..config.mesh import Format
from ..jobs.files import write_atomic
from .glb import NAME, Y_UP
from .topology import Array, Mesh
from .unwrap import Unwrapped
from .usd import write_usd

ALBEDO = "albedo.png"


def write_formats(
    formats: tuple[Format, ...],
    folder: Path,
    mesh: Mesh,
    normals: Array,
    unwrapped: Unwrapped,
    pixels: NDArray[np.uint8],
    roughness: float,
) -> list[str]:
    """Writes the requested files and returns their names.

    mesh.obj and mesh.mtl are y up, as importers expect, and use albedo.png; mesh.ply is z up with vertex colors;
    mesh.stl is z up without colors; mesh.usda is z up and uses albedo.png.

    Args:
        normals: of the vertices of `mesh` [V, 3].
        pixels: the texture [H, W, 3], sRGB, top row first.
        roughness: of the material in mesh.usda, 0 to 1.

    Raises:
        OSError: a file cannot be written.
    """
    names: list[str] = []
    for name in dict.fromkeys(formats):
        if name == "obj":
            names += _write_obj(folder, mesh, normals, unwrapped)
        elif name == "ply":
            write_atomic(folder / "mesh.ply", _ply(mesh, normals, unwrapped, pixels))
            names.append("mesh.ply")
        elif name == "usd":
            write_usd(folder / "mesh.usda", mesh, normals, unwrapped, ALBEDO, roughness)
            names.append("mesh.usda")
        else:
            closed = trimesh.Trimesh(mesh.vertices, mesh.faces, process=False)
            write_atomic(folder / "mesh.stl", bytes(closed.export(file_type="stl")))
            names.append("mesh.stl")
    return names


def _write_obj(folder: Path, mesh: Mesh, normals: Array, unwrapped: Unwrapped) -> list[str]:
    """Writes the OBJ without trimesh, which would split the surface along its seams; OBJ does not need that."""
    stream = io.StringIO()
    stream.write(f"mtllib mesh.mtl\no {NAME}\n")
    np.savetxt(stream, mesh.vertices @ Y_UP.T, "v %.6f %.6f %.6f")
    np.savetxt(stream, unwrapped.uv, "vt %.6f %.6f")
    np.savetxt(stream, normals @ Y_UP.T, "vn %.4f %.4f %.4f")
    stream.write(f"usemtl {NAME}\n")
    corners = np.stack((mesh.faces, unwrapped.faces, mesh.faces), -1).reshape(-1, 9) + 1
    np.savetxt(stream, corners, "f %d/%d/%d %d/%d/%d %d/%d/%d")
    material = f"newmtl {NAME}\nKd 1 1 1\nKs 0 0 0\nillum 1\nmap_Kd {ALBEDO}\n"
    write_atomic(folder / "mesh.mtl", material)
    write_atomic(folder / "mesh.obj", stream.getvalue())
    return ["mesh.obj", "mesh.mtl"]


def _ply(mesh: Mesh, normals: Array, unwrapped: Unwrapped, pixels: NDArray[np.uint8]) -> bytes:
    colors = uv_to_color(unwrapped.uv, Image.fromarray(pixels))
    vertex_colors = np.zeros((len(mesh.vertices), 4), np.uint8)
    vertex_colors[unwrapped.source] = colors  # the copies of a vertex at a seam have the same color
    body = trimesh.Trimesh(
        mesh.vertices, mesh.faces, vertex_normals=normals, vertex_colors=vertex_colors, process=False
    )
    return bytes(body.export(file_type="ply", vertex_normal=True))
