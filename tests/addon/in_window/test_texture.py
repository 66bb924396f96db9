"""An artist paints a mesh in a Blender window. Screenshots are saved in `out/window/SUITE-texture/`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.addon import small
from tests.addon.in_window.test_window import IN_ONE, emptied, in_window, publish

OVERRIDES = {
    **small.TEXTURE_OVERRIDES,
    "optimizer.steps": 40,
    "optimizer.render_px": 48,
    "output.preview_every": 10,
    "output.preview_px": 96,
    "paint.levels": [8, 16, 32],
}


@pytest.mark.window
@IN_ONE
def test_an_artist_paints_a_mesh(
    suite: str, gui_blender: Path, built_zip: Path, warm_python: Path, repo: Path, tmp_path: Path
) -> None:
    pictures = emptied(repo / "out" / "window" / f"{suite}-texture")
    arguments = [built_zip, warm_python, tmp_path / "jobs", pictures, small.typed(OVERRIDES)]
    got = in_window(gui_blender, suite, "texture.py", arguments, pictures, tmp_path)
    old, painted = [["DATA", "Clay", 0.5]], [["OBJECT", "Clay - Chest", 0.6]]
    without_words = [["OBJECT", "Clay - Chest", 0.5]]
    kinds, before = got["start"][1], got["start"]
    assert before[0] == old
    assert got["prompt"] == "a wooden chest"
    added = [kinds[0], kinds[1], kinds[2] + 1, kinds[3] + 1, kinds[4]]  # a material and an image
    assert got["arrived"][:3] == ["Done. Applied", "", painted]
    assert got["arrived"][3][:3] == added[:3]
    assert got["adjusted"] == without_words
    assert got["switched"] == old
    assert got["switch undone"] == without_words
    assert got["undone"][::2] == [old, "Done. Ready to apply"]
    assert got["redone"] == [without_words, "Done. Applied"]
    assert got["second"] == ["Done. Ready to apply", "Done. Applied"]
    assert got["second slots"][:2] == [[["OBJECT", "Clay - Chest - Chest", 0.6]], ["UVMap", "DreamFusion"]]
    assert got["second slots"][2][4] == kinds[4]  # no temporary scene is left
    assert got["second undone"] == [without_words, ["UVMap"]]
    assert got["asked"] == 2  # no job before the answer
    assert got["agreed"]
    for name in ("1-tab", "section", "0-running", "2-arrived", "4-before", "7-dialog", "8-second", "9-question"):
        assert (pictures / f"{name}.png").stat().st_size > 10_000
    if suite == "sid":
        publish(pictures, {"section": "texture-section"})
