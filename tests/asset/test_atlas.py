"""xatlas in a separate process."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from backend.asset import packing
from backend.asset.atlas import pack_charts, parametrize

SQUARE = np.array([(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)])
FACES = np.array([(0, 1, 2), (0, 2, 3)])


def squares(count: int) -> list[tuple[packing.Array, packing.Index]]:
    return [(SQUARE * (1 + number / count), FACES) for number in range(count)]


def test_charts_do_not_overlap_and_keep_their_sizes() -> None:
    placed, scale = pack_charts(squares(12), 256, 2, lambda: None)
    boxes = [(points.min(0), points.max(0)) for points in placed]
    for number, (low, high) in enumerate(boxes):
        assert np.allclose(high - low, scale * (1 + number / 12), atol=1.01)  # xatlas rounds up
        assert (low >= 0).all()
        assert (high <= 256).all()
        for other, (others_low, others_high) in enumerate(boxes[:number]):
            assert (low >= others_high).any() or (high <= others_low).any(), (number, other)


def test_many_charts_are_more_than_a_pipe_holds() -> None:
    placed, _ = pack_charts(squares(2000), 1024, 1, lambda: None)
    assert len(placed) == 2000


def test_a_cube_is_unwrapped_completely() -> None:
    vertices = np.array([(x, y, z) for x in (0.0, 1.0) for y in (0.0, 1.0) for z in (0.0, 1.0)])
    faces = np.array(
        [(0, 1, 3), (0, 3, 2), (4, 6, 7), (4, 7, 5), (0, 4, 5), (0, 5, 1), (2, 3, 7), (2, 7, 6), (0, 2, 6), (0, 6, 4)]
    )
    made, uv = parametrize(vertices, faces)
    assert made.shape == faces.shape
    assert (packing.areas(uv[made]) != 0).all()


def test_an_exception_of_the_caller_ends_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if xatlas waited forever."""
    monkeypatch.setattr("backend.asset.atlas._CODE", "import time; time.sleep(600)")

    def cancel() -> None:
        raise InterruptedError

    started = time.monotonic()
    with pytest.raises(InterruptedError):
        pack_charts(squares(1), 64, 1, cancel)
    assert time.monotonic() - started < 10


def test_a_failure_has_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    for code, error in (("raise ValueError('no charts')", RuntimeError), ("raise MemoryError", MemoryError)):
        monkeypatch.setattr("backend.asset.atlas._CODE", code)
        with pytest.raises(error, match=r"no charts|MemoryError"):
            pack_charts(squares(1), 64, 1, lambda: None)


def test_no_file_of_the_extension_is_needed(tmp_path: Path, repo: Path) -> None:
    """The extension can be removed while a job runs."""
    shutil.copytree(repo / "backend", tmp_path / "backend", ignore=shutil.ignore_patterns("weights", "lab"))
    script = """
import shutil
from tests_atlas import squares
from backend.asset.atlas import pack_charts
shutil.rmtree("backend")
print(pack_charts(squares(3), 64, 1, lambda: None)[1] > 1)
"""
    shutil.copy(__file__, tmp_path / "tests_atlas.py")
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.split() == ["True"], done.stderr


def test_the_process_ends_although_the_threads_of_its_atlases_sleep() -> None:
    """The end of an atlas can wait forever: in this many, with a busy computer, it often does."""
    count = 64 if (os.cpu_count() or 1) <= 8 else 16
    code = (
        Path(packing.__file__)
        .read_text(encoding="utf-8")
        .replace(
            'if __name__ == "__main__":\n    main()\n',
            f"for _ in range({count}):\n    _pack([(np.eye(3)[:, :2], np.arange(3)[None])], 64, 1)\nos._exit(len(_kept) < {count})\n",
        )
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=120).returncode == 0
