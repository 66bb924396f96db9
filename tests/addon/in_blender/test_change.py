"""Changing generated objects of the scene in place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.addon import small
from tests.addon.conftest import RunInBlender

UPRIGHT = "Undo that and click Apply Change, or import a copy."
FIELD, MESH = ["field.npz", "mesh.npz"], ["mesh.npz", "present-0.png"]


@pytest.mark.versions
def test_the_new_version_takes_the_place_of_the_old_one(run_in_blender: RunInBlender, warm_python: Path) -> None:
    got = run_in_blender("change.py", small.typed(small.OVERRIDES), python=str(warm_python))
    result, facts = got["changed"]
    assert result == ["FINISHED"]
    assert got["view"] == ["Done. Applied", ["select_object", "mark_asset", "again", "import_copy"]]

    def check(facts: dict[str, object], inputs: list[str], prompt: str, moved: float = 0.05) -> None:
        assert facts["kept"]  # name, transform, parent, modifiers, constraints, collections, properties, vertex groups
        assert facts["moved"] < moved  # type: ignore[operator]
        assert (facts["inputs"], facts["prompt"], facts["job"]) == (inputs, prompt, True)
        assert (facts["outward"], facts["smooth"], facts["meshes"]) == (True, True, 0)

    check(facts, FIELD, "a blue mug")
    assert got["weights"][1] == pytest.approx(got["weights"][0], abs=0.05)
    different, error, facts = got["again"]
    assert (different, error) == (True, "")
    check(facts, FIELD, "a blue mug")
    # The prompt of the section is that of the object until the user edits it.
    assert (got["prefilled"], got["edited"], got["from the panel"]) == ("a blue mug", "a green mug", ["FINISHED"])
    assert got["refilled"][:2] == ["a green mug", "a green mug"]
    assert got["refilled"][2] < 0.05
    # Regions.
    assert got["faces"] == got["group"] == ["FINISHED"]
    low, mean, high = got["faces mask"]
    assert (low, high) == (0, 1)
    assert 0.3 < mean < 0.7
    assert got["group mask"] == [0, 0.5]
    assert got["no faces"].startswith("The region is empty.")
    assert got["no group"].startswith('"My Mug" has no vertex group "Handle".')
    # Edited objects, and objects whose job is gone. A mesh as a coarse field is a bit rounder.
    check(got["sculpted"][1], MESH, "a red mug", 0.12)
    assert got["front"] == 90  # its -y has become +x
    check(got["job gone"][1], MESH, "a blue mug", 0.12)
    # While the job runs, the scale is applied, the mesh is edited, and the object is deleted.
    check(got["scaled meanwhile"], FIELD, "a red mug")
    changed = f'The mesh of "My Mug" has changed. {UPRIGHT}'
    assert got["edited meanwhile"] == ["Done. Not applied", changed, ["apply_change", "import_copy"]]
    assert got["deleted"] == f'The object "My Mug" was deleted. {UPRIGHT}'
    assert got["copy"][0] == ["FINISHED"]
    assert got["copy"][1] < 0.05  # where the object stood
    assert "is shared by 2 objects and must change" in got["shared"]
    assert got["agreed"] == [["FINISHED"], True, True]
    for case, start in {
        "light": '"Point" is not a mesh. Choose a mesh object.',
        "flat": "All faces are in one plane.",
        "keys": '"Mug" has shape keys',
        "no object": 'There is no object "Nothing"',
        "no prompt": "The prompt is empty.",
        "edit mode": "Objects can be changed only in Object Mode.",
    }.items():
        assert got[case].startswith(start), case
    # One undo step restores everything.
    assert got["undo"] == [["FINISHED"], True, True, True, ""]
