"""Finished objects enter the scene completely or not at all, and the panel tells the truth about them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.addon.conftest import RunInBlender


@pytest.fixture
def jobs(finished_job: Path, tmp_path: Path) -> Path:
    """A jobs folder with one finished job."""
    shutil.copytree(finished_job, tmp_path / "jobs" / finished_job.name)
    return tmp_path / "jobs"


@pytest.mark.versions
def test_failed_imports_leave_nothing_behind(
    run_in_blender: RunInBlender, jobs: Path, finished_job: Path, tmp_path: Path
) -> None:
    got = run_in_blender("failing_imports.py", finished_job.name, str(tmp_path), jobs=jobs)
    text, verbs, job = got.pop("message")
    assert text.startswith("a red mushroom: The mesh ")
    assert (verbs, job) == (["import_result"], finished_job.name)
    assert got.pop("again") == [["FINISHED"], "Done. Imported", 1, False]
    assert len(got) == 21
    for case, outcome in got.items():
        assert outcome["left"] == {}, case
        assert outcome["headline"] == "Done. Import failed", case
        assert outcome["fixes"] == ["import_result"], case
        assert outcome["attempts"] == (case != "no mesh"), case  # never again on its own
        assert outcome["error"].endswith("."), case
        assert "\n" not in outcome["error"], case
    for case in ("_name", "arrange"):
        assert got[case]["error"] == f"The object cannot be imported ({case} failed). Click Import Again."
    assert "contains no mesh" in got["no object"]["error"]
    assert "is missing" in got["missing file"]["error"]
    for case in ("too many values", "not a number", "one point", "far away"):
        assert "it is damaged or refers to other files" in got[case]["error"], case
    reason = got["node in itself"]["error"]  # the importer's, and not the place in Blender's code
    assert re.search(r"\((Recursion|Attribute)Error: ", reason), reason


@pytest.mark.versions
def test_an_object_goes_into_a_collection_that_can_take_it(
    run_in_blender: RunInBlender, jobs: Path, finished_job: Path, tmp_path: Path
) -> None:
    got = run_in_blender("destinations.py", finished_job.name, str(tmp_path), jobs=jobs)
    assert got["usable"] == [["Inner"], "Inner"]  # the active collection stays active
    for case in ("layer hide_viewport", "collection hide_viewport", "collection hide_select"):
        assert got[case][0] == ["Outer"], case
        assert got[f"parent {case}"][0] == ["Scene Collection"], case
    for case in ("layer exclude", "parent layer exclude"):  # Blender makes the scene's collection active
        assert got[case][0] == ["Scene Collection"], case
    assert got["linked"] == [["Inner"], "Linked"]
    assert got["is override"]
    assert got["override"][0] == ["Outer"]
    assert 'The scene "Theirs" is linked' in got["linked scene"]
    assert not got["left by the linked scene"]
    assert got["own scene"][0] == ["Scene Collection"]
    assert got["kept selection"] == [True, False, True]
    assert got["names"] == ["Mushroom", "Mushroom", "Mushroom", "Mushroom albedo", *got["names"][4:]]
    assert all(name.startswith("Mushroom ") for name in got["names"][4:])
    assert got["second"] == ["Mushroom", "Mushroom.001"]


@pytest.mark.versions
def test_the_state_of_a_job_follows_its_objects(
    run_in_blender: RunInBlender, jobs: Path, finished_job: Path, tmp_path: Path
) -> None:
    got = run_in_blender("presence.py", finished_job.name, str(tmp_path), jobs=jobs)
    here = ["Imported", ["select_object", "mark_asset", "again", "import_result"], "Select Object"]
    missing = ["Ready to import", ["import_result", "again"], "Import"]
    for case in ("imported", "duplicate", "other scene", "excluded", "appended"):
        assert got[case] == here, case
    for case in ("nothing", "orphan", "unused collection", "deleted", "appended without a scene"):
        assert got[case] == missing, case
    assert got["undone"] == ["Done. Ready to import", 0]
    assert got["redone"] == ["Done. Imported", 1]
    assert got["other file"] == ["Done. Ready to import", 0]
    assert got["opened"] == ["Done. Imported", 1]
    assert got["gone"] == [["CANCELLED"], "Done. Import failed", 1]


@pytest.mark.timing
def test_searching_ten_thousand_objects_keeps_ticks_short(
    run_in_blender: RunInBlender, jobs: Path, finished_job: Path, tmp_path: Path
) -> None:
    got = run_in_blender("presence.py", finished_job.name, str(tmp_path), jobs=jobs)
    print(got["ticks"], got["at once ms"])
    assert all(count > 10 for _, count in got["ticks"]), "the search was not divided"
    assert min(longest for longest, _ in got["ticks"]) < 2.0  # of three searches; other programs share the processor


@pytest.mark.versions
def test_jobs_that_ended_while_their_file_was_closed(
    run_in_blender: RunInBlender, finished_job: Path, tmp_path: Path
) -> None:
    (tmp_path / "jobs").mkdir()
    got = run_in_blender("reopened.py", str(finished_job), str(tmp_path), python="/usr/bin/true")

    def ready(name: str) -> list[object]:
        return [name, "Done. Ready to import", ["Import", "Another Seed"]]

    def message(text: str) -> list[object]:
        label = "Import" if text.startswith("An ") else "Import All"
        return [f"{text} finished while this file was closed.", [label, "Dismiss"]]

    nothing, failed = [None, None], ["Try Again", "Show Log"]
    assert got["one"] == [ready("1-one"), None]
    assert got["one imported"] == [
        ["1-one", "Done. Imported", ["Select Object", "Mark as Asset", "Another Seed", "Import Again"]],
        None,
    ]
    for case in ("before the save", "another file", "canceled", "failed before a seen one"):
        assert got[case] == nothing, case
    assert got["older failed"] == [ready("2-done"), None]
    assert got["newer failed"] == [["2-failed", "Failed", failed], message("An object was")]
    current, several = got["newer died"]
    assert current[:2] == ["3-died", "Stopped unexpectedly"]
    assert several == message("2 objects were")
    current, one = got["running"]
    assert current[0] == "1-running"
    assert one == message("An object was")
    assert got["then died"] == [ready("2-done"), None]
    assert got["group"] == [None, message("3 objects were")]
    assert got["import all"] == ["FINISHED"]
    assert got["layout"] == [pytest.approx(0.5, abs=2e-3), pytest.approx(0.5, abs=2e-3), 3]
    assert got["group imported"] == nothing
    assert got["rest"][1] == message("An object was")
    assert got["rest imported"]
    assert got["two"] == [None, message("2 objects were")]
    assert got["dismissed"] == [None, None, False]
    assert got["saved later"] == [ready("1-unsaved"), None]
    assert got["dismissed, opened again"] == nothing
    assert got["next session"] == got["two"]
