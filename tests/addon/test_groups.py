"""Groups of objects: lists of prompts and variations."""

from __future__ import annotations

from pathlib import Path

import pytest
from dreamfusion_blender.backend.errors import JobError
from dreamfusion_blender.backend.jobs import states
from dreamfusion_blender.backend.jobs.folder import create_job_folder, read_job
from dreamfusion_blender.backend.jobs.request import new_job
from dreamfusion_blender.backend.jobs.states import JobState

from dreamfusion_blender.core import groups
from dreamfusion_blender.core.present import view_job
from tests.addon import small
from tests.addon.conftest import RunInBlender


def test_a_list_has_one_prompt_per_line() -> None:
    text = "a red  mug\n\n  # the garden\n\ta green tree \r\n"
    assert groups.prompts_of(text) == ["a red mug", "a green tree"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "list of prompts is empty"),
        ("# only\n", "list of prompts is empty"),
        ("a mug\n\n---", "Line 3 .* no words"),
        ("a mug\n" * 1001, "1001 prompts, the limit is 1000"),
    ],
)
def test_invalid_lists(text: str, words: str) -> None:
    with pytest.raises(JobError, match=words):
        groups.prompts_of(text)


def test_a_request_holds_its_group(tmp_path: Path) -> None:
    members = groups.new(3, "GRID", 0.5)
    assert {member.id for member in members} == {members[0].id}
    assert [member.number for member in members] == [0, 1, 2]
    request = new_job("a mug", origin={"client": "blender", **members[1].as_origin()})
    folder = create_job_folder(tmp_path, request)
    assert groups.of(read_job(folder).origin) == members[1]
    assert "2 of 3" in view_job("id", request, JobState()).facts


@pytest.mark.parametrize("note", [None, 3, {}, {"id": "a", "number": "x", "count": 1, "pattern": "ROW", "gap": 0.1}])
def test_an_invalid_group_entry_is_ignored(note: object) -> None:
    assert groups.of({"group": note}) is None
    assert groups.of({"group": {"id": "a", "number": 0, "count": 1, "pattern": "SPIRAL", "gap": 0.1}}) is None


def test_a_list_becomes_a_scene_without_its_failed_objects(run_in_blender: RunInBlender, warm_python: Path) -> None:
    got = run_in_blender("group.py", small.typed(small.OVERRIDES), python=str(warm_python))
    for case, words in (("empty", "is empty"), ("line", "Line 3"), ("long", "1001 prompts")):
        assert all(words in said for said in got[case]), case
    assert got["refused"] == 0
    prompts = ["a red mushroom", "a blue mug", "a green tree", "a yellow cone"]
    assert got["asked"] == prompts
    assert got["facts"] == [f"{number} of 4" for number in (1, 2, 3, 4)]
    ended = [states.DONE, states.FAILED, states.DONE, states.DONE]
    assert got["ended"] == [list(pair) for pair in zip(prompts, ended, strict=True)]
    # The first object is placed alone at the cursor. Moved by hand, it stays where it is.
    assert got["first"]["names"] == ["Mushroom"]
    assert got["first"]["middle"] == pytest.approx([1.0, -2.0], abs=1e-4)
    assert got["moved"] == [9, 9, 9]
    # The others form a row by their actual widths, without a gap for the failed object.
    others = got["others"]
    assert others["names"] == ["Tree", "Cone"]
    assert others["gaps"] == pytest.approx([0.15], abs=1e-4)
    assert others["middle"] == pytest.approx([1.0, -2.0, -2.0], abs=1e-4)
    assert others["lowest"] == pytest.approx([0, 0], abs=1e-4)
    assert others["widths"][0] < 0.8 * others["widths"][1], "objects of equal size would not test the gaps"
    assert got["elsewhere"] == []
    assert got["seeds"] == [5, 6]
    assert got["variations"]["gaps"] == pytest.approx([0.2], abs=1e-4)
    assert got["variations"]["middle"][0] == pytest.approx(1.0, abs=1e-4)
    some, none = got["calls"]
    assert some == ["FINISHED"]
    assert "1 of 1 objects could not be generated: a blue mug." in none


def test_a_list_of_five_hundred(run_in_blender: RunInBlender, finished_job: Path, tmp_path: Path) -> None:
    """The workers only sleep; the script puts results into the folders of the jobs."""
    sleeper = tmp_path / "python"
    sleeper.write_text("#!/bin/sh\nexec sleep 120\n")
    sleeper.chmod(0o755)
    got = run_in_blender("long_list.py", str(finished_job), python=str(sleeper))
    print(got)
    assert got["pump_error"] == ""
    assert got["prompts"] == ["a red mug number 0", "a blue mug number 499", 500]
    assert got["folded"] == [500, 0, False, 0]
    assert got["waiting"] == [[], [500, 3, False, 0]]  # three objects wait for others of their list
    assert got["late"] == [3]  # and arrive in one step
    assert got["together"] == [13, 23]  # ten in a step; the last five wait
    assert set(got["numbers"]) <= set(range(28))  # in the order in which Blender notices them
    assert len(got["numbers"]) == 23
    assert got["columns"] == 5  # one grid
    steps, headline = got["damaged"]
    assert (steps[0], steps[-1]) == (28, 32)  # the five first, together; without the damaged one
    assert headline == "Done. Import failed"
    assert got["failed"] == [True, "Done. Import failed"]
    assert got["printed"]
    assert got["ended"] == [[500, 43, False, 0], 457]
