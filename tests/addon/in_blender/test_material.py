"""The material of imported objects: words of the prompt, viewport display, and where its textures are."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.asset.build import build_asset
from backend.config.mesh import MeshSettings
from tests.addon.conftest import RunInBlender
from tests.asset.known_objects import field_of

SETTINGS = MeshSettings(resolution=48, face_budget=800, texture_px=128, normal_px=96, roughness_px=64)


@pytest.mark.versions
def test_material_of_imported_objects(run_in_blender: RunInBlender, tmp_path: Path) -> None:
    build_asset(field_of("mug", ("blue",)), SETTINGS, tmp_path / "mug")
    (tmp_path / "out").mkdir()
    got = run_in_blender("material.py", str(tmp_path / "mug"), str(tmp_path / "out"))
    print(got)

    plain, gold, woolen = got["a blue mug"], got["a gold mug"], got["a woolen mug"]
    for facts in (plain, gold, woolen, got["set by the user"]):
        assert facts["color spaces"] == ["sRGB", "Non-Color", "Non-Color"]
        assert facts["normal strength"] == 1
        assert facts["map is gray"]
        assert not facts["metallic is linked"]
        assert facts["viewport"][3:] == pytest.approx([1, facts["metallic"], facts["roughness"]], abs=1e-3)
        red, green, blue = facts["viewport"][:3]
        assert blue > 2 * max(red, green)  # the color of the object, not Blender's light gray
    assert (plain["metallic"], gold["metallic"], woolen["metallic"]) == (0, 1, 0)
    assert plain["roughness"] == pytest.approx(0.7, abs=0.01)
    assert gold["roughness"] == pytest.approx(0.3, abs=0.01)
    assert gold["map"][0] == pytest.approx(0.3, abs=0.01)
    assert gold["map"][1] > gold["map"][0] + 0.05  # what the map adds is kept
    assert plain["map"][1] > plain["map"][0] + 0.05
    assert woolen["map"] == pytest.approx([1, 1], abs=0.01)
    assert got["set by the user"]["roughness"] == pytest.approx(0.7, abs=0.01)
    assert got["set by the user"]["map"] == pytest.approx(plain["map"], abs=0.01)
    assert got["set by the user"]["metallic"] == 1

    assert got["painted"] == {"kept": True, "in another file": True, "original": True}
    assert got["deleted while open"]
    assert got["0.1.0"] == {"packed": False, "file": True}
    assert got["not writable"]["packed"]
    assert got["not writable"]["name"].startswith("Mug_albedo-")
