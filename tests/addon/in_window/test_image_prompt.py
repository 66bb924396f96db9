"""An artist uses an image in a Blender window. Screenshots are saved in `out/window/SUITE-image-prompt/`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.addon import small
from tests.addon.in_window.test_window import IN_ONE, emptied, in_window, publish

OVERRIDES = {**small.OVERRIDES, "image.render_px": 16, "optimizer.steps": 12}


@pytest.mark.window
@IN_ONE
def test_an_artist_uses_the_viewport_as_image(
    suite: str, gui_blender: Path, built_zip: Path, warm_python: Path, repo: Path, tmp_path: Path
) -> None:
    pictures = emptied(repo / "out" / "window" / f"{suite}-image-prompt")
    arguments = [built_zip, warm_python, tmp_path / "jobs", pictures, small.typed(OVERRIDES)]
    got = in_window(gui_blender, suite, "image_prompt.py", arguments, pictures, tmp_path)
    image = got["image"]
    assert (image["name"], image["packed"], image["longer side"]) == ("Viewport", True, 768)
    assert image["middle"][3] == 1
    assert image["middle"][2] > 0.3 > image["middle"][1]  # the sphere, in its color
    assert image["corner"][3] == 0  # no background, grid or axes
    assert 0.05 < image["covered"] < 0.6
    assert image["angles"] == [90.0, 0.0]
    assert got["job"] == ["done", "", "input/image.png", True]
    assert got["side"] == 90.0
    assert got["made"] == 1
    assert got["undone"] == [0, True]
    assert got["cleared"]
    for name in ("1-tab", "section", "2-arrived", "3-cleared"):
        assert (pictures / f"{name}.png").stat().st_size > 10_000
    if suite == "sid":
        publish(pictures, {"section": "image-section"})
