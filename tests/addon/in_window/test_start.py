"""An artist starts from a blockout in a Blender window. Screenshots are saved in `out/window/SUITE-start/`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.addon import small
from tests.addon.in_window.test_window import IN_ONE, emptied, in_window, publish

OVERRIDES = {
    **small.OVERRIDES,
    "field.levels": [8, 16, 32],
    "optimizer.steps": 60,
    "optimizer.render_px": 32,
    "optimizer.samples": 24,
    "output.preview_every": 10,
    "output.preview_px": 96,
    "mesh.resolution": 64,
    "mesh.texture_px": 256,
    "start.freedom": 0.0,
}


@pytest.mark.window
@IN_ONE
def test_an_artist_starts_from_a_blockout(
    suite: str, gui_blender: Path, built_zip: Path, warm_python: Path, repo: Path, tmp_path: Path
) -> None:
    pictures = emptied(repo / "out" / "window" / f"{suite}-start")
    arguments = [built_zip, warm_python, tmp_path / "jobs", pictures, small.typed(OVERRIDES)]
    got = in_window(gui_blender, suite, "start.py", arguments, pictures, tmp_path)
    assert got["on"]
    assert got["refused"] == [0, ["No object to start from is selected. Select meshes, curves, or texts."]]
    assert got["selected"] == ["Cube", "Cube.001"]
    assert got["before"] == [["Cube", True, False, True], ["Cube.001", True, False, True]]
    headline, error, objects = got["arrived"]
    assert (headline, error) == ("Done. Imported", "")
    assert objects == [["Chair", True, False, True], ["Cube", False, True, False], ["Cube.001", False, True, False]]
    assert got["off"] < 0.05
    assert got["undone"] == [[["Cube", True, False], ["Cube.001", True, False]], "Done. Ready to import"]
    assert got["redone"] == 1
    assert got["jobs"] == 1  # the dialog was closed
    for name in ("1-nothing-selected", "section", "0-running", "3-arrived", "4-undone", "6-dialog"):
        assert (pictures / f"{name}.png").stat().st_size > 5_000
    if suite == "sid":
        publish(pictures, {"section": "start-section"})
