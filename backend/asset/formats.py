"""The same object in other files, for programs that do not read GLB: OBJ and USD with their texture, PLY, STL."""

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
    """Writes mesh.obj (y up, as its readers expect; the texture is albedo.png), mesh.ply (z up, colors at the vertices),
    mesh.stl (z up, shape only) and mesh.usda (z up; the texture is albedo.png) as asked; their names."""
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
    """Written here, because the library cuts the surface open along its seams; in this format it may stay closed."""
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
    of_vertex = np.zeros((len(mesh.vertices), 4), np.uint8)
    of_vertex[unwrapped.source] = colors  # one of the copies at a seam: they agree
    body = trimesh.Trimesh(mesh.vertices, mesh.faces, vertex_normals=normals, vertex_colors=of_vertex, process=False)
    return bytes(body.export(file_type="ply", vertex_normal=True))
