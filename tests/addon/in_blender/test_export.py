"""Textures survive every exporter of Blender, from a .blend file in any state."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from backend.asset.build import build_asset
from backend.config.mesh import MeshSettings
from tests.addon.conftest import RunInBlender
from tests.asset.known_objects import field_of

OBJECTS = {"a blue mug": ("mug", ("blue", "yellow")), "a red torus": ("torus", ("red",))}
SETTINGS = MeshSettings(
    resolution=48,
    face_budget=800,
    texture_px=128,
    normal_px=96,
    roughness_px=64,
    formats=("obj", "usd"),
)
SITUATIONS = ("unsaved", "saved", "reopened", "moved", "appended", "unpacked")


@pytest.mark.versions
def test_textures_survive_every_exporter(run_in_blender: RunInBlender, tmp_path: Path) -> None:
    plan = {}
    for prompt, (kind, colors) in OBJECTS.items():
        plan[prompt] = str(tmp_path / kind)
        build_asset(field_of(kind, colors), SETTINGS, tmp_path / kind)
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    (tmp_path / "out").mkdir()
    got = run_in_blender("export.py", str(tmp_path / "plan.json"), str(tmp_path / "out"))
    assert got["backend"] == {"mesh.obj": [], "mesh.usda": []}
    for situation in SITUATIONS:
        assert {"fbx", "obj"} <= got[situation].keys()
        assert {name: problems for name, problems in got[situation].items() if problems} == {}, situation
    assert {"glb", "gltf", "usd", "usdz", "fbx embedded", "fbx copied", "obj copied"} <= got["saved"].keys()
    assert got["without the add-on"] == {"packed": [True] * 6, "problems": []}
