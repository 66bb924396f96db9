"""The installed extension in a real Blender (the `bpy` package) with the real worker."""

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
def test_generate_imports_an_object_at_the_cursor(run_in_blender: RunInBlender, backend_python: Path) -> None:
    got = run_in_blender("generate.py", small.typed(small.OVERRIDES), python=str(backend_python))
    assert got["status"] == states.DONE
    assert got["headline"] == "Done. Imported"
    assert "Optimizing" in got["headlines"]
    assert got["fractions_rise"]
    assert got["notes"] == ['The model does not recognize "shiny".']
    assert Path(got["preview"]).is_file()

    made = got["object"]
    assert got["added"] == [made["name"]]  # no empties, no second object
    assert made["name"] == "Mushroom"
    assert made["location"] == pytest.approx([1.5, -2.0, 0.0])  # on the ground
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
    assert made["open_edges"] == 0  # one closed surface, even at UV seams
    assert made["uv_layers"] == 1
    assert made["metallic"] == 0
    assert made["albedo"]["color_space"] == "sRGB"
    assert made["albedo"]["packed"]
    assert made["albedo"]["size"] == [64, 64]
    assert made["properties"]["dreamfusion_prompt"] == "a shiny red mushroom \N{MUSHROOM}"
    assert made["properties"]["dreamfusion_seed"] == 7
    assert made["properties"]["dreamfusion_preset"] == "fast"
    assert made["properties"]["dreamfusion_job"] == got["job_id"]


def test_invalid_input_gives_the_same_message_in_the_panel_and_in_scripts(
    run_in_blender: RunInBlender, backend_python: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("x")
    got = run_in_blender("bad_input.py", str(tmp_path / "file" / "jobs"), python=str(backend_python))
    expected = {
        "empty": "is empty",
        "blank": "is empty",
        "long": "10000 characters",
        "emoji": "no words",
        "override": "NAME=VALUE",
        "unwritable": "Cannot write to",
        "no_python": "not set",
        "missing_python": "does not exist",
        "folder_as_python": "is a folder",
    }
    assert set(got["messages"]) == set(expected)
    for case, message in got["messages"].items():
        assert expected[case] in message["script"], case
        assert message["panel"] == message["script"], case
        assert "\n" not in message["panel"], case
        assert message["panel"].endswith("."), case
    assert got["problem_after"] == ""
    assert got["jobs"] == 0


@pytest.mark.versions
def test_registration_is_repeatable_and_leaves_nothing_behind(run_in_blender: RunInBlender) -> None:
    got = run_in_blender("register_twice.py")
    assert got["first"] == got["again"]
    assert got["first"]["scene"]
    assert {name.partition(" ")[0] for name in got["first"]["handlers"]} >= {
        *("depsgraph_update_post", "load_post", "redo_post", "save_pre", "undo_post")
    }
    assert got["first"]["menus"] == 2
    assert "generate" in got["first"]["operators"]
    assert set(got["verbs"]) <= set(got["first"]["operators"])  # every button has its operator
    assert got["timers"] == [True, False]
    for left in (got["after"], got["last"]):
        nothing = {"classes": [], "scene": False, "search": False, "operators": []}
        assert left == nothing | {"handlers": [], "menus": 0, "images": []}


@pytest.mark.versions
def test_every_state_can_be_drawn(run_in_blender: RunInBlender) -> None:
    got = run_in_blender("draw.py")
    assert [state for state, is_drawn in got["seen"].items() if not is_drawn] == []
    assert "Try again." in got["message"]
    assert "does not exist" in " ".join(got["preferences"])
    assert {"1 of 9 done, 2 failed", "Cancel All", "Retry Failed", "1 of 9: a mug", "Queued"} <= set(got["listed"])
    memory = got["memory"]
    assert {state for state, texts in memory.items() if "Check Memory" in texts} == set(memory) - {"builtin"}
    assert {state for state, texts in memory.items() if "does not exist" in " ".join(texts)} == {"checked"}
    shown_notes = {
        "good": "",
        "typo": '"rec" → red',
        "unknown": "See List",
        "lines": "2 lines",
        "long": "2000 characters",
        "two": 'Only "mug" is made',
        "preset": "This preset is for other models.",
        "model": '"sdx1" → sdxl',
    }
    for name, text in shown_notes.items():
        assert text in " ".join(got["notes"][name]), name
    for text in shown_notes.values():
        assert not text or text not in " ".join(got["notes"]["good"])

    # Relight and Place show only properties that the active object has.
    sliders = {"Roughness", "Metallic", "Specular", "Coat Weight"}
    shown = {
        name: sliders & set(state["texts"]["DREAMFUSION_PT_relight"]) if all(state["enabled"]) else "disabled"
        for name, state in got["stage"].items()
    }
    assert shown == {
        **dict.fromkeys(("no_object", "an_empty", "bare", "empty_slot", "unselected", "with_list"), frozenset()),
        "emission only": set(),
        **dict.fromkeys(("principled", "emission first", "lit_and_turned", "in_photo"), sliders),
        "with_map": sliders - {"Roughness"},
        "editing": "disabled",
    }
    for name, state in got["stage"].items():
        lamps, place = state["texts"]["DREAMFUSION_PT_relight"], state["texts"]["DREAMFUSION_PT_place"]
        assert {"Three-Point", "Sun", "Rim", "Paper", "Sky", "None"} <= set(lamps), name
        assert {"Row", "Grid", "Scatter"} <= set(place), name
        has_none = "Select objects first." in place
        assert has_none == (name in ("no_object", "an_empty", "unselected")), name
    photo = got["stage"]["in_photo"]["texts"]["DREAMFUSION_PT_photo"]
    assert "The scene keeps its own lights." in photo
    assert "The ground point is not below the horizon." in photo


def test_jobs_after_a_killed_worker_a_restart_and_a_new_file(
    run_in_blender: RunInBlender, backend_python: Path, finished_job: Path, tmp_path: Path
) -> None:
    jobs = tmp_path / "jobs"
    shutil.copytree(finished_job, jobs / finished_job.name)
    overrides = small.typed(small.LONG_OVERRIDES)
    got = run_in_blender("survive.py", overrides, finished_job.name, python=str(backend_python), jobs=jobs)
    assert got["again"]["location"] == [4, 5, 0]
    assert got["killed"][0] == states.DIED
    assert "Resume the job" in got["killed"][1]
    assert got["killed"][2][0] == "resume"
    assert got["found_again"] == [states.DIED, got["killed"][2], True]
    assert got["cancelled"] == [states.CANCELLED, "", ["resume"]]
    assert got["nothing_arrived"]
    assert got["held"] == ["Done. Switch to Object Mode to import", 1]
    assert got["arrived"] == ["Done. Imported", 2, [7, 8, 0]]
    assert got["other_file"] == ["Done. Ready to import", 0]


def test_a_job_continues_after_a_crash_of_blender_and_is_imported_into_its_scene(
    run_in_blender: RunInBlender, backend_python: Path, tmp_path: Path
) -> None:
    before = run_in_blender("crash.py", "before", small.typed(small.OVERRIDES), python=str(backend_python))
    assert before["headline"] == "Paused"
    assert is_locked(tmp_path / "jobs" / before["job"] / "lock")  # the worker is still running the job
    after = run_in_blender("crash.py", "after", before["job"], python=str(backend_python))
    assert after["found"] == "Paused"
    assert after["shown"] == [before["job"], ""]
    assert after["headline"] == "Done. Imported"
    assert list(after["scenes"].values()) == [["Scene"]]  # not in the scene that the window shows
    assert after["location"] == [[1, 2, 0]]


@pytest.mark.parametrize("choice", ["GO_ON", "STOP"])
def test_quitting_continues_or_stops_jobs(
    run_in_blender: RunInBlender, backend_python: Path, tmp_path: Path, choice: str
) -> None:
    overrides = small.typed({**small.LONG_OVERRIDES, "optimizer.steps": 4000})
    got = run_in_blender("quit.py", overrides, choice, python=str(backend_python))
    assert got["waiting"][1] == "Waiting for the previous job"
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
    assert list((first / "checkpoints").iterdir())  # progress is saved
    assert board.jobs[second.name].state.status == states.QUEUED


def test_edit_prompt_restores_the_fields_of_each_kind_of_job(run_in_blender: RunInBlender) -> None:
    got = run_in_blender("edit_prompt.py")
    lora = [["/models/style.safetensors", 0.5]]
    fields = ["a wooden barrel", 0.4, 2048, "/models/depth", 0.7]
    assert got["texture"] == [fields, ["rust", 7, "/models/sd", "sd", lora, "optimizer.steps=50"], "a red mug"]
    plain = ["rust", 7, "builtin", "fast", []]
    assert got["texture without ControlNet"] == [["a wooden barrel", 1.0, 2048, "", 1.0], [*plain, ""]]
    fields, others = got["strange"]
    assert fields == ["a wooden barrel", 1.0, 2048, "", 1.0]  # unchanged, and nothing is lost
    assert others == f'paint.strength="much", mesh.texture_px={10**40}, guidance.controlnet=5'
    assert got["change"] == [["a wooden barrel", 0.75], [*plain, ""], "a red mug"]
    assert got["plain"] == ["a wooden barrel", [*plain, "optimizer.steps=60"], "a wooden barrel"]
