"""The built and installed extension in a real Blender (the `bpy` package), with the real worker."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from dreamfusion_blender.backend.jobs import states
from dreamfusion_blender.backend.jobs.folder import list_jobs, request_control
from dreamfusion_blender.backend.jobs.lock import is_locked

from dreamfusion_blender.core.jobs import JobBoard
from tests.addon import small
from tests.addon.conftest import RunInBlender


@pytest.mark.versions
def test_a_prompt_becomes_an_object_where_the_cursor_was(run_in_blender: RunInBlender, backend_python: Path) -> None:
    got = run_in_blender("generate.py", small.typed(small.OVERRIDES), python=str(backend_python))
    assert got["status"] == states.DONE
    assert got["headline"] == "Done, in the scene"
    assert "Sculpting" in got["headlines"]
    assert got["fractions_rise"]
    assert len(got["notes"]) == 1
    assert "shiny" in got["notes"][0]  # it says which word it does not know
    assert "mushroom" in got["notes"][0]  # and what it knows
    assert Path(got["preview"]).is_file()

    made = got["object"]
    assert got["added"] == [made["name"]]  # no empties, no second object
    assert made["name"].startswith("a shiny red mushroom")
    assert made["location"] == pytest.approx([1.5, -2.0, 0.25])
    assert made["rotation_mode"] == "XYZ"
    assert made["rotation"] == [0, 0, 0]
    assert made["scale"] == [1, 1, 1]
    assert 0.05 < max(made["dimensions"]) < 2.0
    assert made["scenes"] == ["Scene"]
    assert got["other_scene"] == []
    assert got["empty_collections"] == []
    assert made["selected"]
    assert made["active"]
    assert not made["parent"]
    assert made["smooth"]
    assert made["open_edges"] == 0  # one closed surface, also along the UV seams
    assert made["uv_layers"] == 1
    assert made["metallic"] == 0
    assert made["albedo"]["color_space"] == "sRGB"
    assert made["albedo"]["packed"]
    assert made["albedo"]["size"] == [64, 64]
    assert made["properties"]["dreamfusion_prompt"] == "a shiny red mushroom \N{MUSHROOM}"
    assert made["properties"]["dreamfusion_seed"] == 7
    assert made["properties"]["dreamfusion_preset"] == "fast"
    assert made["properties"]["dreamfusion_job"] == got["job_id"]


def test_bad_input_is_one_sentence_in_the_panel_and_in_scripts(
    run_in_blender: RunInBlender, backend_python: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("x")
    got = run_in_blender("bad_input.py", str(tmp_path / "file" / "jobs"), python=str(backend_python))
    words = {
        "empty": "is empty",
        "blank": "is empty",
        "long": "10000 characters",
        "emoji": "no words",
        "override": "field.path=value",
        "unwritable": "Cannot write to",
        "no_python": "not set",
        "missing_python": "does not exist",
        "folder_as_python": "is a folder",
    }
    assert set(got["said"]) == set(words)
    for case, said in got["said"].items():
        assert words[case] in said["script"], case
        assert said["panel"] == said["script"], case
        assert "\n" not in said["panel"], case
        assert said["panel"].endswith("."), case
    assert got["problem_after"] == ""
    assert got["jobs"] == 0


@pytest.mark.versions
def test_enabling_twice_is_fine_and_disabling_leaves_nothing(run_in_blender: RunInBlender) -> None:
    got = run_in_blender("register_twice.py")
    assert got["first"] == got["again"]
    assert got["first"]["scene"]
    assert got["first"]["handlers"] == 1
    assert got["first"]["menus"] == 2
    assert "generate" in got["first"]["operators"]
    assert set(got["verbs"]) <= set(got["first"]["operators"])  # every button has its operator
    assert got["timers"] == [True, False]
    for left in (got["after"], got["last"]):
        nothing = {"classes": [], "scene": False, "search": False, "operators": []}
        assert left == nothing | {"handlers": 0, "menus": 0, "images": []}


@pytest.mark.versions
def test_every_state_can_be_drawn(run_in_blender: RunInBlender) -> None:
    got = run_in_blender("draw.py")
    assert [state for state, is_drawn in got["seen"].items() if not is_drawn] == []
    assert "Do it so." in got["notice"]
    assert "does not exist" in " ".join(got["preferences"])
    assert {state for state, words in got["fit"].items() if "Does It Fit?" in words} == set(got["fit"]) - {"builtin"}
    assert {state for state, words in got["fit"].items() if "does not exist" in " ".join(words)} == {"asked"}

    # Light and place: whatever is there, nothing is asked of it that it does not have.
    sliders = {"Roughness", "Metallic", "Specular", "Coat Weight"}
    shown = {
        name: sliders & set(state["words"]["DREAMFUSION_PT_relight"]) if all(state["enabled"]) else "disabled"
        for name, state in got["stage"].items()
    }
    assert shown == {
        **dict.fromkeys(("no_object", "an_empty", "bare", "empty_slot", "unselected", "with_list"), frozenset()),
        "emission only": set(),
        **dict.fromkeys(("principled", "emission first", "lit_and_turned"), sliders),
        "with_map": sliders - {"Roughness"},
        "editing": "disabled",
    }
    for name, state in got["stage"].items():
        lamps, place = state["words"]["DREAMFUSION_PT_relight"], state["words"]["DREAMFUSION_PT_place"]
        assert {"Three-Point", "Sun", "Rim", "Paper", "Sky", "None"} <= set(lamps), name
        assert {"Row", "Grid", "Scatter"} <= set(place), name
        has_none = "Select objects first." in place
        assert has_none == (name in ("no_object", "an_empty", "unselected")), name


def test_what_a_job_survives(
    run_in_blender: RunInBlender, backend_python: Path, finished_job: Path, tmp_path: Path
) -> None:
    jobs = tmp_path / "jobs"
    shutil.copytree(finished_job, jobs / finished_job.name)
    overrides = small.typed(small.LONG_OVERRIDES)
    got = run_in_blender("survive.py", overrides, finished_job.name, python=str(backend_python), jobs=jobs)
    assert got["again"]["location"] == [4, 5, 6]
    assert got["killed"][0] == states.DIED
    assert "resume" in got["killed"][1]
    assert got["killed"][2][0] == "resume"
    assert got["found_again"] == [states.DIED, got["killed"][2], True]
    assert got["cancelled"] == [states.CANCELLED, "", ["resume"]]
    assert got["nothing_arrived"]
    assert got["held"] == ["Done, waits until you are back in Object Mode", 1]
    assert got["arrived"] == ["Done, in the scene", 2, [7, 8, 9]]
    assert got["other_file"] == ["Done, ready to import", 0]


def test_a_job_outlives_a_crash_of_blender_and_arrives_where_it_was_asked_for(
    run_in_blender: RunInBlender, backend_python: Path, tmp_path: Path
) -> None:
    before = run_in_blender("crash.py", "before", small.typed(small.OVERRIDES), python=str(backend_python))
    assert before["headline"] == "Paused"
    assert is_locked(tmp_path / "jobs" / before["job"] / "lock")  # the worker is still at it
    after = run_in_blender("crash.py", "after", before["job"], python=str(backend_python))
    assert after["found"] == "Paused"
    assert after["shown"] == [before["job"], ""]
    assert after["headline"] == "Done, in the scene"
    assert list(after["scenes"].values()) == [["Scene"]]  # not in the one that is looked at
    assert after["location"] == [[1, 2, 3]]


@pytest.mark.parametrize("choice", ["GO_ON", "STOP"])
def test_quitting_lets_jobs_go_on_or_stops_them(
    run_in_blender: RunInBlender, backend_python: Path, tmp_path: Path, choice: str
) -> None:
    overrides = small.typed({**small.LONG_OVERRIDES, "optimizer.steps": 4000})
    got = run_in_blender("quit.py", overrides, choice, python=str(backend_python))
    assert got["waiting"][1] == "Waiting for the job before it"
    jobs = tmp_path / "jobs"
    assert is_locked(jobs / "worker.lock") == (choice == "GO_ON")
    first, second = (Path(folder) for folder in list_jobs(jobs))
    if choice == "GO_ON":
        for folder in (second, first):
            request_control(folder, "cancel")
        return
    board = JobBoard(jobs, "")
    board.tick()
    while board.has_undiscovered or not all(job.is_known for job in board.jobs.values()):
        board.tick()
    assert board.jobs[first.name].state.status in (states.CANCELLED, states.DIED)
    assert list((first / "checkpoints").iterdir())  # what it has learned is kept
    assert board.jobs[second.name].state.status == states.QUEUED
