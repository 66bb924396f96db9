"""Textures and colors of imported objects in a Blender window. Screenshots are saved in `out/window/SUITE-textures`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from backend.asset.build import build_asset
from backend.config.mesh import MeshSettings
from tests.addon.in_window.test_window import IN_ONE, emptied, in_window
from tests.asset.known_objects import field_of

OBJECTS = {"a blue mug": ("mug", ("blue", "yellow")), "a gold vase": ("vase", ("gold",))}
SETTINGS = MeshSettings(resolution=96, face_budget=4000, texture_px=512, normal_px=256, roughness_px=128)
IN_A_FILE = [[False, True, True]] * 6  # three maps of two objects: not packed, visible, and in an existing file


@pytest.mark.window
@IN_ONE
def test_textures_survive_save_and_undo(
    suite: str, gui_blender: Path, built_zip: Path, repo: Path, tmp_path: Path
) -> None:
    plan = {}
    for prompt, (kind, colors) in OBJECTS.items():
        plan[prompt] = str(tmp_path / kind)
        build_asset(field_of(kind, colors), SETTINGS, tmp_path / kind)
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    pictures = emptied(repo / "out" / "window" / f"{suite}-textures")
    got = in_window(
        gui_blender, suite, "textures.py", [built_zip, tmp_path / "plan.json", pictures], pictures, tmp_path
    )
    print(got)
    assert got["saved"] == IN_A_FILE
    assert got["undone"] == [3, 0]
    assert got["redone"] == IN_A_FILE
    assert got["reopened"] == IN_A_FILE
    pixels = {name: (pictures / f"{name}.png").read_bytes() for name in ("solid", "texture", "reopened")}
    assert len(set(pixels.values())) == 3
