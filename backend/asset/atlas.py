"""Runs xatlas in a separate process: it can wait forever, see `packing`, and then nothing else could end a job."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..jobs.launch import own_group
from .packing import Array, Arrays, Index

# Read at the start, because the extension can be updated or removed while a job runs.
_CODE = Path(__file__).with_name("packing.py").read_text(encoding="utf-8")
_CHECK_S = 0.1


def pack_charts(
    outlines: list[tuple[Array, Index]], texture_px: float, padding_px: int, check: Callable[[], None]
) -> tuple[list[Array], float]:
    """Packs charts (points [n, 2] in world units, faces [m, 3]) into a texture.

    Args:
        check: called often. An exception that it raises ends the packing.

    Returns:
        The points of each chart in texels [n, 2], and the texels per world unit.
    """
    counts = np.array([(len(points), len(faces)) for points, faces in outlines])
    packed = _call(
        {
            "points": np.concatenate([points for points, _ in outlines]),
            "faces": np.concatenate([faces for _, faces in outlines]),
            "counts": counts,
            "texture_px": np.array(texture_px),
            "padding_px": np.array(padding_px),
        },
        check,
    )
    return np.split(packed["points"], np.cumsum(counts[:-1, 0])), float(packed["scale"])


def parametrize(vertices: Array, faces: Index) -> tuple[Index, NDArray[np.float64]]:
    """Unwraps a mesh, vertices [V, 3] and faces [F, 3]. Returns new faces, and the UVs [N, 2] that they refer to.

    Faces that xatlas considers degenerate are missing.
    """
    made = _call({"vertices": vertices, "faces": faces}, lambda: None)
    return made["faces"], made["uv"]


def _call(given: Arrays, check: Callable[[], None]) -> Arrays:
    buffer = io.BytesIO()
    np.savez(buffer, **given)
    # -P: the working directory may hold files that are named like packages.
    command = [sys.executable, "-P", "-c", _CODE]
    pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen(command, **own_group(), **pipes) as process, ThreadPoolExecutor(1) as thread:
        answer = thread.submit(process.communicate, buffer.getvalue())
        try:
            while not wait([answer], timeout=_CHECK_S).done:
                check()
        except BaseException:
            process.kill()
            raise
    made, errors = answer.result()
    if process.returncode:
        last = (errors.decode(errors="replace").strip().splitlines() or [f"status {process.returncode}"])[-1]
        if "MemoryError" in last or process.returncode == -9:
            raise MemoryError(last)
        raise RuntimeError(f"xatlas failed: {last}")
    return dict(np.load(io.BytesIO(made), allow_pickle=False))
