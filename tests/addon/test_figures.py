"""Times of meshing and import after the optimization, in processor time, which excludes other programs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.addon.conftest import RunInBlender
from tests.asset.test_build import measure


@pytest.mark.slow
@pytest.mark.timing
def test_meshing_and_import_are_fast(run_in_blender: RunInBlender, tmp_path: Path) -> None:
    """50,000 faces, a 1024 px texture and a normal map take at most twice the default mesh: 8 s where that takes 4 s."""
    default = measure(tmp_path)
    made = measure(tmp_path, face_budget=50_000, resolution=160, texture_px=1024)
    got = run_in_blender("import_time.py", str(tmp_path / "mesh.glb"))
    print(made, got)
    assert 40_000 < got["faces"] <= 50_000
    assert got["texture"] == [1024, 1024]
    assert made["work"] + got["first"][0] < 2 * default["work"]


@pytest.mark.slow
@pytest.mark.timing
def test_a_large_object_is_imported_in_two_seconds(run_in_blender: RunInBlender, tmp_path: Path) -> None:
    made = measure(tmp_path, "built-in", face_budget=200_000, resolution=320)
    got = run_in_blender("import_time.py", str(tmp_path / "mesh.glb"))
    print(made, got)
    assert got["faces"] > 190_000
    assert got["first"][0] < 2.0
