"""An artist changes a generated object in a Blender window. Screenshots are saved in `out/window/SUITE-change/`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.addon import small
from tests.addon.in_window.test_window import IN_ONE, emptied, in_window, publish

OVERRIDES = {**small.OVERRIDES, "optimizer.steps": 24, "optimizer.render_px": 24, "output.preview_every": 10}


@pytest.mark.window
@IN_ONE
def test_an_artist_changes_an_object(
    suite: str, gui_blender: Path, built_zip: Path, warm_python: Path, repo: Path, tmp_path: Path
) -> None:
    pictures = emptied(repo / "out" / "window" / f"{suite}-change")
    arguments = [built_zip, warm_python, tmp_path / "jobs", pictures, small.typed(OVERRIDES)]
    got = in_window(gui_blender, suite, "change.py", arguments, pictures, tmp_path)
    assert got["generated"] == "Done. Imported"
    start, place, size = got["start"]
    assert (start[0], got["prefilled"], got["prompt"]) == ("a red mug", "a red mug", "a blue mug")
    headline, error, version, place_after, size_after = got["arrived"]
    assert (headline, error, version[0]) == ("Done. Applied", "", "a blue mug")
    assert version[1] != start[1]
    assert version[2:] == start[2:]  # the name of the mesh; the old one is not left behind
    assert place_after == place
    assert size_after == pytest.approx(size, rel=0.05)
    assert got["refilled"] == "a blue mug"
    assert got["undone"] == [start, place, size, "Done. Ready to apply"]
    assert got["redone"] == [version, "Done. Applied"]
    assert got["second"] == ["Done. Applied", "", "a blue mug", place]
    assert got["asked"] == 3  # no job before the answer
    assert got["agreed"]
    for name in ("1-tab", "section", "2-arrived", "3-undone", "5-dialog", "6-second", "7-question"):
        assert (pictures / f"{name}.png").stat().st_size > 10_000
    if suite == "sid":
        publish(pictures, {"section": "change-section"})
