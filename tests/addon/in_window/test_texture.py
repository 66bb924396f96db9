"""An artist paints a mesh in a Blender window. Screenshots are saved in `out/window/SUITE-texture/`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.addon import small
from tests.addon.in_window.test_window import emptied, in_window

OVERRIDES = {
    **small.TEXTURE_OVERRIDES,
    "optimizer.steps": 40,
    "optimizer.render_px": 48,
    "output.preview_every": 10,
    "output.preview_px": 96,
    "paint.levels": [8, 16, 32],
}


@pytest.mark.window
@pytest.mark.parametrize("suite", ["trixie", "sid"])  # Blender 4.3 and 5.2
def test_an_artist_paints_a_mesh(
    suite: str, gui_blender: Path, built_zip: Path, backend_python: Path, repo: Path, tmp_path: Path
) -> None:
    pictures = emptied(repo / "out" / "window" / f"{suite}-texture")
    arguments = [built_zip, backend_python, tmp_path / "jobs", pictures, small.typed(OVERRIDES)]
    got = in_window(gui_blender, suite, "texture.py", arguments, pictures, tmp_path)
    for k, v in got.items(): print(k, v)
