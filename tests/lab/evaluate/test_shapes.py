"""Comparison of small jobs with reference shapes, and the criterion for known kinds."""

import json

import pytest

from backend.errors import UserError
from backend.jobs.folder import list_jobs, read_job
from backend.lab.evaluate.job_runner import JobRecipe, run_to_end
from backend.lab.evaluate.shapes import (
    ShapeSettings,
    evaluate_shapes,
    is_decided,
    is_known,
    summarize,
    write_weak_kinds,
)
from backend.prompts.vocabulary import well_known
from tests.worker.small_jobs import SMALL


def row(color, seed, iou, **facts):
    return {
        "kind": "mug", "color": color, "seed": seed, "iou": iou, "best": iou, "status": "done", "euler": 0,
        "euler expected": 0, "components": 1, "levels": {f"{at:g}": iou for at in (1.0, 2.5, 5.0, 10.0, 25.0, 50.0)},
        **facts,
    }  # fmt: skip


def test_a_known_kind_has_two_good_seeds_in_three_colors():
    good = [row(color, seed, 0.7 if seed else 0.3) for color in ("red", "green", "blue") for seed in range(3)]
    assert is_known(good)
    assert not is_known(good[:6])  # two colors are not enough
    assert not is_known([*good[:-1], row("blue", 2, 0.59)])
    facts = summarize(good)
    assert facts["known"]["kinds"] == ["mug"]
    assert facts["all"]["iou"]["mean"] == pytest.approx((6 * 0.7 + 3 * 0.3) / 9, abs=1e-4)
    assert facts["all"]["iou"]["worst"] == 0.3
    assert facts["all"]["good"]["right"] == 6


def test_a_failed_job_has_an_overlap_of_zero():
    failed = {
        "kind": "mug",
        "color": "red",
        "seed": 1,
        "iou": 0.0,
        "best": 0.0,
        "status": "failed",
        "euler expected": 0,
    }
    facts = summarize([row("red", 0, 0.8), failed])["all"]
    assert facts["iou"]["mean"] == pytest.approx(0.4)
    assert facts["failed"]["right"] == 1
    assert facts["euler right"]["right"] == 1


def test_objects_are_generated_once_and_measured(tmp_path):
    small = {**SMALL, "output.preview_every": 100}
    settings = ShapeSettings(tmp_path, ("ball",), ("red",), (0,), device="cpu", overrides=small)
    facts = evaluate_shapes(settings)
    found = facts["kinds"]["ball"]
    assert 0.05 < found["iou"]["mean"] <= found["best"] <= 1
    assert found["iou"]["mean"] == found["iou"]["worst"]
    (folder,) = list_jobs(tmp_path / "jobs")
    events = (folder / "events.jsonl").read_bytes()
    assert read_job(folder).prompt == "a red ball"
    for name in ("shapes.json", "shapes.md", "shapes.png", "pictures/ball-red-0.png"):
        assert (tmp_path / name).stat().st_size > 0, name
    (line,) = (tmp_path / "shapes.jsonl").read_text().splitlines()
    assert json.loads(line)["euler"] == 2
    (tmp_path / "shapes.jsonl").unlink()  # as after an interruption between a job and its measurement
    assert evaluate_shapes(settings)["kinds"] == facts["kinds"]
    assert len(list_jobs(tmp_path / "jobs")) == 1
    assert (folder / "events.jsonl").read_bytes() == events
    with pytest.raises(UserError, match="another 'preset'"):
        evaluate_shapes(ShapeSettings(tmp_path, ("ball",), ("red",), (0,), "paper", device="cpu", overrides=small))


def test_a_failed_job_is_not_repeated(tmp_path):
    recipe = JobRecipe(preset="fats", device="cpu")
    folder = run_to_end(tmp_path, "a red mug", 3, recipe)
    assert run_to_end(tmp_path, "a red mug", 3, recipe) == folder
    assert run_to_end(tmp_path, "a red mug", 4, recipe) != folder


def test_an_unknown_kind_is_an_error(tmp_path):
    with pytest.raises(UserError, match="no 'zebra'"):
        evaluate_shapes(ShapeSettings(tmp_path, ("zebra",)))


def test_is_decided(tmp_path):
    settings = ShapeSettings(tmp_path, ("mug",), ("red", "green", "blue"), (0, 1, 2))

    def rows(**ious):
        return [
            {"kind": "mug", "color": color, "seed": seed, "iou": iou}
            for color, values in ious.items()
            for seed, iou in enumerate(values)
        ]

    assert is_decided("mug", "red", settings, rows(red=[0.7, 0.8]))
    assert not is_decided("mug", "green", settings, rows(red=[0.7, 0.8]))
    assert not is_decided("mug", "red", settings, rows(red=[0.7, 0.2]))
    assert is_decided(
        "mug", "blue", settings, rows(red=[0.3, 0.2])
    )  # red cannot succeed, and three colors are required
    assert not is_decided("cup", "blue", settings, rows(red=[0.3, 0.2]))


def test_weak_kinds_are_written_to_the_models_folder(tmp_path):
    (tmp_path / "world.json").write_text(json.dumps({"kinds": ["ball", "cube", "mug"], "words": ["a"]}))
    assert write_weak_kinds(tmp_path, {"known": {"kinds": ["ball"]}}) == ["cube", "mug"]
    world = json.loads((tmp_path / "world.json").read_text())
    assert well_known(world) == ["ball"]
    assert world["words"] == ["a"]


def test_only_undecided_needs_enough_colors_and_seeds(tmp_path):
    settings = ShapeSettings(tmp_path, ("ball",), ("red",), (0,), only_undecided=True)
    with pytest.raises(UserError, match="Do not use --only-undecided"):
        evaluate_shapes(settings)
    assert not list(tmp_path.iterdir())
