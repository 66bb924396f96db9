"""The mesh of a job, `input/mesh.npz`: written by the add-on or the command line, read by the worker.

The file may come from elsewhere: sizes, types and values are checked before anything uses them.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import JobError
from ..jobs.reading import own_path, read_regular

NAME = "input/mesh.npz"  # relative to the job's folder
MAX_FACES = 1_000_000  # triangles
MAX_SHEETS = 32
MAX_PICTURE_PX = 8192  # side of a present texture
MAX_FILE_BYTES = 1 << 28
FARTHEST = 1e9  # coordinate
FLATTEST = 1e-5  # thickness of a mesh that an object can start from, as a share of its size
_BLOCK = 1 << 14  # triangles


@dataclass(frozen=True)
class InputMesh:
    """A triangle mesh in world space, z up, as it is seen: with modifiers and pose applied.

    A sheet is one square texture. Each material, and each tile of a UDIM, has its own.

    Attributes:
        vertices: [V, 3] float64.
        faces: [F, 3] int64, counterclockwise from outside.
        uv: [F, 3, 2] float32, of the corners, in [0, 1] on the face's sheet, u to the right, v up. Empty without UVs.
        sheet: [F] int64, index of the face's sheet.
        mask: [F, 3] float32, how much each corner may change, 0 to 1. Empty: everything.
        colors: [S, 3] uint8 sRGB, the present color of each sheet without a picture.
        front_deg: azimuth of the front in degrees, counterclockwise from above; 0 is -y.
    """

    vertices: NDArray[np.float64]
    faces: NDArray[np.int64]
    uv: NDArray[np.float32]
    sheet: NDArray[np.int64]
    mask: NDArray[np.float32]
    colors: NDArray[np.uint8]
    front_deg: float = 0.0

    @property
    def has_uv(self) -> bool:
        return len(self.uv) > 0

    @property
    def has_mask(self) -> bool:
        return len(self.mask) > 0


# The type in the file, the number of dimensions, and the length of the last one (0: any).
_LAYOUT: dict[str, tuple[str, int, int]] = {
    "vertices": ("f", 2, 3),
    "faces": ("iu", 2, 3),
    "uv": ("f", 3, 2),
    "sheet": ("iu", 1, 0),
    "mask": ("f", 2, 3),
    "colors": ("u", 2, 3),
    "front_deg": ("f", 0, 0),
}
_TYPES: dict[str, Any] = {
    "vertices": np.float64, "faces": np.int64, "uv": np.float32, "sheet": np.int64, "mask": np.float32,
    "colors": np.uint8, "front_deg": np.float64,
}  # fmt: skip
assert set(_LAYOUT) == set(_TYPES) == {entry.name for entry in fields(InputMesh)}


def present_name(sheet: int) -> str:
    """The file with the present texture of a sheet, relative to the job's folder: 8-bit sRGB, at most `MAX_PICTURE_PX` a side."""
    return f"input/present-{sheet}.png"


def make_mesh(vertices: Any, faces: Any, **options: Any) -> InputMesh:
    """Makes a checked mesh. Without `uv`, `mask`, `sheet` or `colors`: no UVs, no mask, one gray sheet.

    Raises:
        JobError: Something is wrong with the mesh. The message tells what to do.
    """
    count = len(faces)
    values = {
        "vertices": vertices,
        "faces": faces,
        "uv": np.zeros((0, 3, 2), np.float32),
        "sheet": np.zeros(count, np.int64),
        "mask": np.zeros((0, 3), np.float32),
        "colors": np.full((1, 3), 204, np.uint8),
        "front_deg": 0.0,
        **{name: value for name, value in options.items() if value is not None},
    }
    return _checked({name: np.asarray(value, _TYPES[name]) for name, value in values.items()})


def encode_mesh(mesh: InputMesh) -> bytes:
    """The content of the file. Coordinates keep double precision, because objects may be far from the origin.

    It is not compressed: that takes seconds for a large mesh, during which Blender would not respond.
    """
    arrays: dict[str, Any] = {entry.name: np.asarray(getattr(mesh, entry.name)) for entry in fields(mesh)}
    arrays.update(faces=mesh.faces.astype(np.int32), sheet=mesh.sheet.astype(np.uint8))
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def read_mesh(folder: Path) -> InputMesh:
    """Reads the mesh of a job.

    Raises:
        JobError: The file is missing, damaged, too large or invalid (code "mesh").
    """
    path = folder / NAME
    try:
        return _checked(_arrays(read_regular(own_path(folder, NAME), MAX_FILE_BYTES)))
    except JobError:
        raise
    except OSError as error:
        raise _wrong(f"Cannot read {path}: {error.strerror or error}. Start the job again.") from error
    except (
        ValueError,
        KeyError,
        EOFError,
        MemoryError,  # a damaged header that claims a huge array
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,  # of zipfile: a kind of compression that it does not know
        RuntimeError,
    ) as error:
        raise _wrong(f"Cannot read {path}: it is damaged ({_first_line(error)}). Start the job again.") from error


def _arrays(data: bytes) -> dict[str, Any]:
    largest = 8 * 3 * 3 * MAX_FACES + 4096
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in _LAYOUT:
            if archive.getinfo(f"{name}.npy").file_size > largest:
                raise ValueError(f"'{name}' is too large")
        found = {}
        for name, (kinds, dimensions, last) in _LAYOUT.items():
            with archive.open(f"{name}.npy") as member:
                content = member.read(largest + 1)
            array = np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)
            if array.dtype.kind not in kinds or array.ndim != dimensions or (last and array.shape[-1] != last):
                raise ValueError(f"'{name}' has another type")
            found[name] = array.astype(_TYPES[name])
    return found


def _checked(values: dict[str, Any]) -> InputMesh:
    vertices, faces, uv, sheet, mask = (values[name] for name in ("vertices", "faces", "uv", "sheet", "mask"))
    if not len(faces) or not len(vertices):
        raise _wrong("The mesh has no faces. Choose an object with faces.")
    if len(faces) > MAX_FACES:
        raise _wrong(
            f"The mesh has {len(faces):,} triangles, the limit is {MAX_FACES:,}. Reduce it, for example with a Decimate modifier."
        )
    if faces.min() < 0 or faces.max() >= len(vertices):
        raise _wrong("The mesh has faces without vertices. Repair it with Mesh > Clean Up, or start the job again.")
    if not np.isfinite(vertices).all():
        raise _wrong("The mesh has vertices without a valid position. Repair it with Mesh > Clean Up.")
    if np.abs(vertices).max() > FARTHEST:
        raise _wrong(f"The mesh reaches farther than {FARTHEST:,.0f} from the origin. Move it there, or scale it down.")
    if not _has_area(vertices, faces):
        raise _wrong("All faces of the mesh have no area. Choose an object with a surface.")
    if len(uv) and (uv.shape != (len(faces), 3, 2) or not np.isfinite(uv).all()):
        raise _wrong("The UV map is damaged. Unwrap the object again.")
    if len(uv) and not double_areas(uv).any():
        raise _wrong("The UV map has no area. Unwrap the object, or choose a new UV map.")
    if len(uv) and (uv.min() < -1e-4 or uv.max() > 1 + 1e-4):
        raise _wrong("The UV map reaches beyond its tile. Unwrap the object again.")
    colors = values["colors"]
    if not 0 < len(colors) <= MAX_SHEETS:
        raise _wrong(
            f"The object needs {len(colors)} textures, the limit is {MAX_SHEETS}. Use fewer materials or tiles."
        )
    if sheet.shape != (len(faces),) or sheet.min() < 0 or sheet.max() >= len(colors):
        raise _wrong("The textures of the faces are damaged. Start the job again.")
    if len(mask) and (mask.shape != (len(faces), 3) or not np.isfinite(mask).all()):
        raise _wrong("The mask is damaged. Start the job again.")
    if len(mask) and mask.max() <= 0:
        raise _wrong("The mask selects nothing. Select some faces, or turn the mask off.")
    if not np.isfinite(values["front_deg"]):
        raise _wrong("The direction of the front is not a number. Start the job again.")
    return InputMesh(**{**values, "mask": mask.clip(0, 1), "front_deg": float(values["front_deg"]) % 360.0})


def check_thickness(mesh: InputMesh) -> None:
    """Checks that an object can start from the mesh.

    Raises:
        JobError: All faces are in one plane.
    """
    points = mesh.vertices[np.unique(mesh.faces)]
    centered = points - points.mean(0)
    spread = np.sqrt(np.linalg.eigvalsh(centered.T @ centered / len(points)).clip(0))
    if spread[0] < FLATTEST * spread[-1]:
        raise _wrong("All faces are in one plane. Give the objects thickness, for example with a Solidify modifier.")


def double_areas(flat: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Twice the areas [F] of triangles in the plane [F, 3, 2]."""
    p, q = (flat[:, 1] - flat[:, 0]).astype(np.float64), (flat[:, 2] - flat[:, 0]).astype(np.float64)
    areas: NDArray[np.float64] = np.abs(p[:, 0] * q[:, 1] - p[:, 1] * q[:, 0])
    return areas


def _has_area(vertices: NDArray[np.float64], faces: NDArray[np.int64]) -> bool:
    is_used = np.zeros(len(vertices), bool)
    is_used[faces.ravel()] = True
    extent = float(np.ptp(vertices[is_used], axis=0).max())
    for start in range(0, len(faces), _BLOCK):  # usually, the first block answers
        a, b, c = vertices[faces[start : start + _BLOCK].T]
        if float(np.abs(np.cross(b - a, c - a)).max()) > 1e-12 * extent**2:
            return extent > 0
    return False


def _wrong(message: str) -> JobError:
    return JobError(message, code="mesh")


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:100]
