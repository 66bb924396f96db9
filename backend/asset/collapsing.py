"""Collapses the edges of a mesh with fast_simplification.

The library blocks all threads of the process. Large meshes are therefore simplified in a child process, which can be
stopped at any time: `python -m backend.asset.collapsing FOLDER TARGET`.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from ..jobs.launch import BACKEND_ROOT, own_group
from .topology import Array, Index

AGGRESSIVENESS = 5  # how fast the error threshold of fast_simplification rises: higher is faster and coarser
MAX_FACES_HERE = 200_000  # which takes about a second
POLL_S = 0.1


def collapse(vertices: Array, faces: Index, target: int, check: Callable[[], None]) -> tuple[Array, Index]:
    """Reduces the mesh to about `target` faces.

    Args:
        vertices: [V, 3], for an object of size 1.
        faces: [F, 3].
        check: called often. An exception that it raises ends the child process.

    Raises:
        MemoryError: the child process was killed or ran out of memory.
    """
    if len(faces) <= MAX_FACES_HERE:
        return _collapse(vertices, faces, target)
    with tempfile.TemporaryDirectory(prefix="dreamfusion-") as name:
        folder = Path(name)
        np.save(folder / "vertices.npy", vertices)
        np.save(folder / "faces.npy", faces)
        child = subprocess.Popen(
            [sys.executable, "-m", __spec__.name, name, str(target)], cwd=BACKEND_ROOT, **own_group()
        )
        try:
            while True:
                try:
                    status = child.wait(POLL_S)
                    break
                except subprocess.TimeoutExpired:
                    check()
        finally:
            child.kill()
            child.wait()
        if status:
            raise MemoryError(f"The simplification ended with exit status {status}.")
        return np.load(folder / "vertices.npy"), np.load(folder / "faces.npy")


def _collapse(vertices: Array, faces: Index, target: int) -> tuple[Array, Index]:
    import fast_simplification

    vertices, faces = fast_simplification.simplify(
        vertices, faces.astype(np.int32), target_count=target, agg=AGGRESSIVENESS
    )
    return np.asarray(vertices, float), np.asarray(faces, np.int64)


def _main() -> None:
    folder, target = Path(sys.argv[1]), int(sys.argv[2])
    vertices, faces = _collapse(np.load(folder / "vertices.npy"), np.load(folder / "faces.npy"), target)
    np.save(folder / "vertices.npy", vertices)
    np.save(folder / "faces.npy", faces)


if __name__ == "__main__":
    _main()
