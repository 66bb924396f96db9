"""Arrived objects and the panel of a photo in a Blender window. Screenshots are saved in `out/window/SUITE-photo`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.addon.in_window.test_window import IN_ONE, emptied, in_window


@pytest.mark.window
@IN_ONE
def test_a_photo_is_adjusted_in_its_panel(
    suite: str, gui_blender: Path, built_zip: Path, repo: Path, tmp_path: Path
) -> None:
    pictures = emptied(repo / "out" / "window" / f"{suite}-photo")
    (mesh,) = (repo / "tests" / "data" / "jobs-0.1.0").glob("*/asset/mesh.glb")
    got = in_window(gui_blender, suite, "photo_panel.py", [built_zip, mesh, pictures], pictures, tmp_path)
    before, placed, is_active = got["placed"]
    assert is_active
    assert before[0] == "PERSP"
    assert placed == ["CAMERA", "CYCLES", "Photo Camera"]
    assert got["changed"] == [True, True]
    assert got["undone"] == [True, True]
    assert got["removed"] == [False, before]
