"""Light rigs, turntables, photos and placement in a real Blender, checked by pixels and by numbers."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from tests.addon.conftest import RunInBlender


@pytest.mark.versions
def test_light_rigs_and_turntables(run_in_blender: RunInBlender, tmp_path: Path) -> None:
    got = run_in_blender("relight.py", str(tmp_path))
    assert set(got["rigs"]) == {"THREE_POINT", "SUN", "RIM", "PAPER", "SKY"}
    for rig, (left, right, burnt, _) in got["rigs"].items():
        assert min(left, right) > 0.1, f"one side is dark with {rig}"
        assert burnt < 0.2, f"{rig} overexposes the object"
    for rig in ("THREE_POINT", "SUN", "PAPER", "SKY"):
        left, right, *_ = got["rigs"][rig]
        assert left > 1.05 * right, f"the main light of {rig} is on the left"
    # A light on the other side swaps the brightness of the sides.
    left, right, *_ = got["rigs"]["PAPER"]
    for moved in (got["moved"], got["rotated by its empty"]):
        assert moved[:2] == pytest.approx([right, left], abs=0.03)
    assert max(got["off"][:2]) < 0.01
    assert got["aim"] < 1e-3
    # An object that is forty times as large and at another position looks the same.
    for rig, large in got["large"].items():
        assert large[:2] == pytest.approx(got["rigs"][rig][:2], abs=0.03), rig
    rough, smooth = got["highlight"]
    assert smooth > 1.3 * rough
    assert got["left behind"] == []
    assert got["world"] == "mine"

    assert got["frames"] == [1, 8]
    azimuths = [view[0] % 360 for view in got["views"]]
    assert [(b - a) % 360 for a, b in pairwise(azimuths)] == pytest.approx([45] * 8, abs=0.01)
    assert all(0.7 < outermost < 1 for _, _, outermost in got["views"])
    assert [(b - a) % 360 for a, b in pairwise(got["turns"])] == pytest.approx([315] * 8, abs=0.01)
    assert got["ball moves"] < 1e-5
    assert got["ball is back"] == [pytest.approx([2, 1, 0.5]), True]
    assert got["nothing selected"] == [["CANCELLED"]] * 5


@pytest.mark.versions
def test_placing_objects_in_photos_and_scenes(run_in_blender: RunInBlender, tmp_path: Path) -> None:
    got = run_in_blender("composite.py", str(tmp_path))
    photo = got["photo"]
    assert photo["size"] == [96, 64]
    assert photo["box"] == [5, 5, 3]
    assert photo["background"] == ["plate.png", True]
    assert photo["engine"] == "CYCLES"
    for shot, foot, height in ((photo["first"], (0.4, 0.2), 0.4), (photo["second"], (0.65, 0.3), 0.25)):
        assert (shot["left"] + shot["right"]) / 2 == pytest.approx(foot[0], abs=0.06)
        # The box is placed by its center. Its front edge is nearer, so it appears a little lower and larger.
        assert foot[1] - 0.06 < shot["bottom"] <= foot[1] + 0.01
        assert shot["top"] - foot[1] == pytest.approx(height, abs=0.06)
        assert shot["sky"] < 0.02, "the photo is unchanged outside of the object and its shadow"
        assert shot["shadow"] < -0.08, "the ground of the photo has a shadow"
    assert photo["added by second call"] == [0, 0]
    assert photo["above horizon"] == photo["no file"] == ["CANCELLED"]

    scene = got["scene"]
    assert scene["upright"] == [pytest.approx([0.25, 0.1875, 0.5]), pytest.approx(0, abs=1e-4), pytest.approx([1, 0.5])]
    assert scene["aligned"] == [
        pytest.approx([0.25, 0.1875, 0.5]),
        pytest.approx(0, abs=1e-4),
        pytest.approx(0, abs=0.1),
    ]
    assert scene["upright again"] == [pytest.approx(0, abs=1e-4), pytest.approx(0, abs=0.1)]
    assert scene["ground"] == pytest.approx(0, abs=1e-4)
    assert scene["still visible"]
    for pattern, found in got["arranged"].items():
        assert found["gap"] > 0.0999, pattern
        assert found["lowest"] == pytest.approx([0] * 7, abs=1e-4), pattern
    for pattern in ("ROW", "GRID"):
        assert got["arranged"][pattern]["middle"][0] == pytest.approx(2.0, abs=0.01)


@pytest.mark.versions
def test_every_operator_is_one_undo_step(run_in_blender: RunInBlender, tmp_path: Path) -> None:
    got = run_in_blender("undo.py", str(tmp_path))
    assert len(got["steps"]) == 16
    assert {name: wrong for name, wrong in got["steps"].items() if wrong} == {}
    assert got["refused"] == [["CANCELLED"]] * 5
    assert got["mark"] == "earlier", "a canceled operator pushed an undo step"
