"""The buttons of finished jobs, in a real Blender: select their objects, and mark them as assets."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from dreamfusion_blender.backend.jobs import states
from dreamfusion_blender.backend.jobs.request import JobRequest
from dreamfusion_blender.backend.jobs.states import JobState

from dreamfusion_blender.core import formats, groups
from dreamfusion_blender.core.arrival_states import Arrival
from dreamfusion_blender.core.present import view_job
from tests.addon.conftest import RunInBlender


def copies(finished_job: Path, jobs: Path) -> list[str]:
    """Copies a job as a single job and as the two jobs of a list. Returns their ids."""
    made = []
    for number, member in enumerate([None, *groups.new(2)]):
        folder = jobs / f"{finished_job.name}-{number}"
        shutil.copytree(finished_job, folder)
        request = json.loads((folder / "job.json").read_text(encoding="utf-8"))
        request |= {"id": folder.name, "origin": member.as_origin() if member else {}}
        (folder / "job.json").write_text(json.dumps(request), encoding="utf-8")
        made.append(folder.name)
    return made


@pytest.mark.versions
def test_objects_are_selected_and_marked_as_assets(
    run_in_blender: RunInBlender, finished_job: Path, tmp_path: Path
) -> None:
    jobs = tmp_path / "jobs"
    got = run_in_blender("made_objects.py", *copies(finished_job, jobs), jobs=jobs)
    assert got["nothing_here"] == [["CANCELLED"], ["CANCELLED"]]
    assert got["buttons_before"] == ["import_result", "again"]
    assert got["buttons"] == ["select_object", "mark_asset", "again", "import_result"]
    assert got["selected"] == [["FINISHED"], True]
    assert got["active"]
    assert got["selected_list"] == [["FINISHED"], True]
    assert got["editing"] == got["hidden"] == ["CANCELLED"]
    assert got["marked"] == got["marked_list"] == ["FINISHED"]
    assert got["asset"] == {
        "description": "a red mushroom",
        "author": "",
        "tags": ["red", "mushroom", "builtin"],
        "size": [32, 32],
        "is_empty": False,
        "others": [False, False],
    }
    assert got["assets"] == [True] * 3
    assert got["again"] == ["me", 3]
    assert "list of prompts is empty" in got["refused_empty"]
    assert got["typed"] == ["a red mug", "a cone", "a tree"]
    assert got["removed"] == ["a cone", "a tree"]
    assert not got["nothing_to_remove"]
    assert got["as_text"] == [["a mug", "", "# a note", "a cone"], "a mug\n\n# a note\na cone"]


def test_a_long_prompt_has_a_short_name() -> None:
    text = "a red mushroom " * 60
    shown = view_job("id", JobRequest("id", "", text.strip()), JobState(status=states.DONE), arrival=Arrival.IMPORTED)
    assert shown.title == text.strip()
    assert shown.name.startswith("a red mushroom")
    assert shown.name.endswith(" red…") or shown.name.endswith("mushroom…")
    assert len(shown.name) <= formats.NAME_LENGTH
    assert shown.has_long_name
    assert formats.shortened("x" * 99) == "x" * (formats.NAME_LENGTH - 1) + "…"
    assert formats.shortened("a mug") == "a mug"
