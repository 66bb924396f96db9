"""Reads a mesh for the command line from a GLB, glTF, OBJ, PLY, STL or OFF file, with trimesh."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import numpy as np
import trimesh
from numpy.typing import NDArray
from PIL import Image

from ..asset.atlas import parametrize
from ..errors import UserError
from ..jobs.reading import open_regular
from .mesh_file import MAX_FACES, NAME, InputMesh, check_thickness, encode_mesh, make_mesh, present_name

SUFFIXES = (".glb", ".gltf", ".obj", ".ply", ".stl", ".off")
_Y_UP = (".glb", ".gltf", ".obj")  # by their standard or by custom
_TO_Z_UP = np.array([(1.0, 0.0, 0.0), (0.0, 0.0, -1.0), (0.0, 1.0, 0.0)])
MAX_BYTES = 1 << 29


def import_mesh(path: Path, *, needs_uv: bool, needs_thickness: bool = False) -> dict[str, bytes]:
    """The files of a job's `input` folder for a mesh file: name -> content.

    Args:
        needs_uv: Unwraps a mesh without texture coordinates.
        needs_thickness: Refuses a mesh that an object cannot start from.

    Raises:
        UserError: The file cannot be read, or its mesh cannot be used (code "mesh").
    """
    parts = _load(path)
    turn = _TO_Z_UP if path.suffix.lower() in _Y_UP else np.eye(3)
    vertices, faces, uv, sheet, colors, pictures = [], [], [], [], [], {}
    count = 0
    has_uv = all(_uv_of(part) is not None for part in parts)
    for number, part in enumerate(parts):
        vertices.append(np.asarray(part.vertices, np.float64) @ turn.T)
        faces.append(np.asarray(part.faces, np.int64) + count)
        count += len(part.vertices)
        if has_uv:
            uv.append(_in_tile(part.visual.uv[part.faces], path))
        color, picture = _present(part)
        colors.append(color)
        sheet.append(np.full(len(part.faces), number))
        if picture is not None and has_uv:
            pictures[number] = picture
    positions, index = _join_doubles(np.concatenate(vertices))
    options: dict[str, Any] = {}
    if has_uv:
        options = {"uv": np.concatenate(uv), "sheet": np.concatenate(sheet), "colors": np.stack(colors)}
    mesh = make_mesh(positions, index[np.concatenate(faces)], **options)
    if needs_thickness:
        check_thickness(mesh)
    if needs_uv and not mesh.has_uv:
        mesh = make_mesh(mesh.vertices, mesh.faces, uv=unwrap_faces(mesh), colors=colors[0][None])
    return {NAME: encode_mesh(mesh), **{present_name(sheet): _png(picture) for sheet, picture in pictures.items()}}


def unwrap_faces(mesh: InputMesh) -> NDArray[np.float32]:
    """Texture coordinates of the corners [F, 3, 2], by xatlas. Raises UserError if it drops faces."""
    faces, uv = parametrize(mesh.vertices, mesh.faces)
    if len(faces) != len(mesh.faces):
        raise UserError("The mesh cannot be unwrapped. Give it a UV map first.", "mesh")
    found: NDArray[np.float32] = uv.astype(np.float32)[faces].clip(0, 1)
    return found


def _load(path: Path) -> list[Any]:
    """The triangle meshes of a file, in world space."""
    if path.suffix.lower() not in SUFFIXES:
        raise _wrong(f"'{path.name}' is not a mesh file. Use one of {', '.join(SUFFIXES)}.")
    try:
        with open_regular(path, may_be_link=True) as file:
            if os.fstat(file.fileno()).st_size > MAX_BYTES:
                raise _wrong(f"{path} is larger than {MAX_BYTES >> 20} MB. Use a smaller mesh.")
        scene = trimesh.load_scene(str(path), process=False, resolver=_RegularFiles(str(path)))
        parts = [part for part in scene.dump() if isinstance(part, trimesh.Trimesh) and len(part.faces)]
    except OSError as error:
        raise _wrong(f"Cannot read {error.filename or path}: {error.strerror or error}. Check the file.") from error
    except UserError:
        raise
    except Exception as error:  # trimesh raises whatever its parsers raise
        reason = (str(error).splitlines() or [type(error).__name__])[0][:100]
        raise _wrong(f"Cannot read {path}: it is damaged ({reason}). Export it again.") from error
    if not parts:
        raise _wrong(f"{path} contains no mesh with faces.")
    if (count := sum(len(part.faces) for part in parts)) > MAX_FACES:
        raise _wrong(f"{path} has {count:,} triangles, the limit is {MAX_FACES:,}. Reduce it first.")
    return parts


class _RegularFiles(trimesh.resolvers.FilePathResolver):
    """Reads what a mesh file names. A pipe would block, and a device never ends."""

    def get(self, name: str) -> bytes:
        for place in (Path(self.parent, name.strip()), Path(self.parent, os.path.basename(name))):
            if place.exists():
                open_regular(place, may_be_link=True).close()
        data: bytes = super().get(name)
        return data


def _uv_of(part: Any) -> NDArray[np.float64] | None:
    uv = getattr(part.visual, "uv", None)
    return None if uv is None or len(uv) != len(part.vertices) else np.asarray(uv, np.float64)


def _in_tile(uv: NDArray[np.float64], path: Path) -> NDArray[np.float32]:
    """Corners [F, 3, 2] moved into [0, 1], because textures repeat."""
    tile = np.floor(uv.mean(1, keepdims=True))
    moved = uv - tile
    if moved.min() < -1e-3 or moved.max() > 1 + 1e-3:
        raise _wrong(f"The UV map of {path} has faces across the border of the texture. Unwrap the mesh again.")
    found: NDArray[np.float32] = moved.clip(0, 1).astype(np.float32)
    return found


def _present(part: Any) -> tuple[NDArray[np.uint8], NDArray[np.uint8] | None]:
    """The base color of a mesh, sRGB, and its texture [H, W, 3] if it has one."""
    material = getattr(part.visual, "material", None)
    picture = getattr(material, "baseColorTexture", None) or getattr(material, "image", None)
    color = getattr(material, "main_color", None)
    plain = np.array([204, 204, 204], np.uint8) if color is None else np.asarray(color)[:3].astype(np.uint8)
    return plain, None if picture is None else np.asarray(picture.convert("RGB"))


def _join_doubles(vertices: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Unique positions, and the index of each vertex among them: files split vertices at UV seams."""
    found, index = np.unique(vertices, axis=0, return_inverse=True)
    return found, index.reshape(-1).astype(np.int64)


def _png(picture: NDArray[np.uint8]) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "png")
    return buffer.getvalue()


def _wrong(message: str) -> UserError:
    return UserError(message, "mesh")
