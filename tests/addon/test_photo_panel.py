"""The panel of a photo in a real Blender, checked by pixels and by the state of the scene."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.addon.conftest import RunInBlender


@pytest.mark.versions
def test_a_photo_can_be_adjusted_and_removed(run_in_blender: RunInBlender, tmp_path: Path) -> None:
    got = run_in_blender("photo.py", str(tmp_path))
    # Everything that the photo changed is restored. Lights and rigs stay, unless the switch replaces them.
    for case, restored in got["restored"].items():
        assert restored["changed"] >= 10, case
        assert restored["left"] == {}, case
        assert not restored["again"], case
    lit = {case: restored["lit"] for case, restored in got["restored"].items()}
    assert lit == {
        "plain": [True, False, ["Sun"]],
        "compositor": [True, False, ["Sun"]],
        "lamp": [False, True, ["Point"]],
        "rig": [False, True, ["Fill", "Left Rim", "Right Rim"]],
    }
    # Changed settings move the object in the picture, without new objects.
    for shot, foot, height in (
        (got["first"], (0.3, 0.2), 0.4),
        (got["adjusted"], (0.7, 0.3), 0.25),
        (got["tall"][0], (0.7, 0.3), 0.25),
        (got["fitted"], (0.7, 0.3), 0.25),
    ):
        left, right, bottom, top = shot["box"]
        assert (left + right) / 2 == pytest.approx(foot[0], abs=0.06)
        assert foot[1] - 0.06 < bottom <= foot[1] + 0.01
        assert top - foot[1] == pytest.approx(height, abs=0.06)
    assert got["adjusted"]["corner"] == pytest.approx([0.5, 0.5, 0.5], abs=0.01)
    assert got["tall"][0]["corner"] == pytest.approx([0.3, 0.4, 0.6], abs=0.01)
    assert got["tall"][1] == [48, 80]
    # Settings that do not fit give one sentence and change nothing.
    assert "below the horizon" in got["no ground"][0]
    assert got["no ground"][1]
    assert got["ground again"] == ["", 0]
    assert "Choose an image file." in got["no image"]
    assert "gone.png" in got["missing image"]
    assert got["image again"] == ""
    assert got["percentage"] == 25
    assert got["camera again"]
    assert got["catchers"] == [0, 1]
    assert got["after opening"] == {}

    assert got["turntable"] == [["CANCELLED"], True]
    assert got["turntable after"] == [["FINISHED"], 12]
    assert got["turntable removed"] == [["FINISHED"], True, []]
    assert got["camera after remove_turntable"]
    assert got["camera after remove_photo"]

    own, dark, photo_light, is_hidden = got["light"]
    assert own > dark + 0.1, "the own light is kept"
    assert photo_light > own + 0.1
    assert is_hidden
    assert got["light off"] == [pytest.approx(own, abs=0.01), False, "mine"]
    assert got["rig"] == [False, False, ["Fill", "Left Rim", "Point", "Right Rim"]]
    assert got["no rig"] == ["mine", ["Point"]]

    assert got["scenes"] == [False, True, "Photo Camera", False, 0]
    steps, height = got["undone"]
    assert steps == [[True, 0.1, "Photo Camera", True], [True, height, "Photo Camera", False]]
