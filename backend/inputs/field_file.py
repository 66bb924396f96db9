"""The field of a finished job, `asset/field.npz`, and of the job that changes it, `input/field.npz`. Only needs NumPy.

The file may come from elsewhere: sizes, types and values are checked before anything uses them.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import JobError
from ..jobs.reading import own_path, read_regular

OUTPUT = "asset/field.npz"  # relative to the job's folder
NAME = "input/field.npz"
MAX_SIDE = 256  # voxels
MAX_FILE_BYTES = 1 << 28
LARGEST = 30.0  # logit of a color: beyond, there is no difference
_WRONG = (
    ValueError,
    KeyError,
    EOFError,
    MemoryError,  # a damaged header that claims a huge array
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,  # of zipfile: a kind of compression that it does not know
    RuntimeError,
)


@dataclass(frozen=True)
class FieldVolume:
    """A field as values at N^3 voxels (z, y, x) that span a cube, its faces included.

    Attributes:
        log_density: [N, N, N] float32.
        albedo: [3, N, N, N] float32, logits of sRGB.
        occupied: [N, N, N] bool. Other voxels are empty, whatever their density.
        bound: half the side of the cube.
    """

    log_density: NDArray[np.float32]
    albedo: NDArray[np.float32]
    occupied: NDArray[np.bool_]
    bound: float


def encode_field(volume: FieldVolume) -> bytes:
    """The content of the file, compressed: 2 MB for 64 voxels a side.

    Colors are in half precision. The density is not: the choice of the iso level, and so the surface, depends on small differences.
    """
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        log_density=volume.log_density.astype(np.float32),
        albedo=volume.albedo.clip(-LARGEST, LARGEST).astype(np.float16),
        occupied=np.packbits(volume.occupied),
        bound=np.float64(volume.bound),
    )
    return buffer.getvalue()


def copy_field(folder: Path) -> bytes | None:
    """The field of a finished job as the content of `NAME`. None if it has no usable one."""
    try:
        data = read_regular(own_path(folder, OUTPUT), MAX_FILE_BYTES)
        decode_field(data)
    except (OSError, *_WRONG):
        return None
    return data


def read_field(folder: Path) -> FieldVolume | None:
    """The field that a job changes. None if it has none.

    Raises:
        JobError: The file is damaged or too large (code "mesh").
    """
    path = folder / NAME
    try:
        return decode_field(read_regular(own_path(folder, NAME), MAX_FILE_BYTES))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise JobError(f"Cannot read {path}: {error.strerror or error}. Start the job again.", code="mesh") from error
    except _WRONG as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0][:100]
        raise JobError(f"Cannot read {path}: it is damaged ({reason}). Start the job again.", code="mesh") from error


def decode_field(data: bytes) -> FieldVolume:
    """The inverse of `encode_field`. Raises one of many exceptions for other data, see `_WRONG`."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        density = _array(archive, "log_density", np.float32)
        albedo = _array(archive, "albedo", np.float16)
        bits = _array(archive, "occupied", np.uint8)
        bound = float(_array(archive, "bound", np.float64))
    side = density.shape[0] if density.ndim == 3 else 0
    if not 2 <= side <= MAX_SIDE or density.shape != (side,) * 3 or albedo.shape != (3, side, side, side):
        raise ValueError("its arrays have another shape")
    if bits.shape != ((side**3 + 7) // 8,):
        raise ValueError("its occupancy has another size")
    if not (0.1 <= bound <= 100.0 and np.isfinite(density).all() and np.isfinite(albedo).all()):
        raise ValueError("it has values that are not finite")
    occupied = np.unpackbits(bits, count=side**3).astype(bool).reshape(density.shape)
    return FieldVolume(density, albedo.astype(np.float32), occupied, bound)


def _array(archive: zipfile.ZipFile, name: str, kind: type) -> NDArray[Any]:
    largest = 2 * 3 * MAX_SIDE**3 + 4096
    if archive.getinfo(f"{name}.npy").file_size > largest:
        raise ValueError(f"'{name}' is too large")
    with archive.open(f"{name}.npy") as member:
        content = member.read(largest + 1)
    array = np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)
    if array.dtype != kind:
        raise ValueError(f"'{name}' has another type")
    return array
