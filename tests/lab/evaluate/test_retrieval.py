"""R-Precision: ranks, and complete evaluations of jobs and meshes."""

import json
import os

import pytest
import torch
from typer.testing import CliRunner

from backend.cli.main import app
from backend.errors import UserError
from backend.jobs.events import PROTOCOL, EventWriter
from backend.jobs.folder import create_job_folder, list_jobs, read_job
from backend.jobs.request import new_job
from backend.lab.evaluate.retrieval import RetrievalSettings, evaluate_retrieval, ranks, summarize
from tests.lab.evaluate.conftest import write_box
from tests.worker.small_jobs import SMALL, kinds


def test_ranks():
    texts = torch.eye(3)
    images = torch.tensor(
        [[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]], [[0.9, 0.1, 0.0], [0.2, 0.7, 0.1]], [[0.1, 0.2, 0.7], [0.5, 0.4, 0.1]]]
    )
    found = ranks(images, texts, own=0)
    assert found["albedo"]["rank"] == [0, 1]
    assert found["color"] == {"rank": [0, 1], "nearest": [0, 1]}
    assert found["geo"] == {"rank": [2, 0], "nearest": [2, 0]}


def test_precision_is_the_mean_over_objects_and_failed_jobs_count_as_wrong():
    rows = [
        {"key": "a", "color": {"rank": [0, 0]}, "geo": {"rank": [0, 4]}},
        {"key": "b", "color": {"rank": [0, 7]}, "geo": {"rank": [1, 1]}},
        {"key": "c", "problem": "diverged"},
    ]
    found = summarize(rows, azimuths=2)
    assert found["color"]["r_precision"] == pytest.approx(0.5)
    assert found["geo"]["r_precision"] == pytest.approx(1 / 6, abs=1e-4)
    assert found["geo"]["by azimuth"] == pytest.approx([1 / 3, 0], abs=1e-4)
    assert found["geo"]["in the first five"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["color"]["low"] < 0.5 < found["color"]["high"]


def test_a_folder_of_meshes(tmp_path, tiny_clip):
    write_box(tmp_path / "meshes" / "a-red-cube.glb", (200, 0, 0))
    changed = write_box(tmp_path / "meshes" / "a-tall-blue-cube_1.glb", (0, 0, 200), (1, 3, 1))
    (tmp_path / "prompts.txt").write_text("a red cube\na tall blue cube\na green cube\n")
    (tmp_path / "more.json").write_text('["a red cube", "a dragon"]')
    settings = RetrievalSettings(
        tmp_path / "out",
        tmp_path / "prompts.txt",
        meshes=tmp_path / "meshes",
        distractors=tmp_path / "more.json",
        models=(str(tiny_clip),),
        azimuths=2,
        picture_px=32,
    )
    facts = evaluate_retrieval(settings)
    assert (facts["objects"], facts["captions"], facts["distractors"]) == (2, 3, 1)
    assert facts["chance"] == 0.25
    (model,) = facts["models"].values()
    assert {row["prompt"] for row in model["objects"]} == {"a red cube", "a tall blue cube"}
    assert len(model["color"]["by azimuth"]) == 2
    assert json.loads((tmp_path / "out" / "retrieval.json").read_text())["models"] == facts["models"]
    assert "chance" in (tmp_path / "out" / "retrieval.md").read_text()
    assert len(list((tmp_path / "out").glob("retrieval-*.png"))) == 1

    def made():
        return {
            p: p.stat().st_mtime_ns
            for p in (tmp_path / "out").rglob("*")
            if p.parent.name == "renders" or p.suffix == ".npy"
        }

    before = made()
    assert len(before) == 4
    assert evaluate_retrieval(settings)["models"] == facts["models"]
    assert made() == before  # renders and embeddings are reused
    write_box(changed, (0, 200, 0), (1, 3, 1))
    evaluate_retrieval(settings)
    assert len(made()) == 6


def finished_job(jobs, prompt, seed=0, problem="", color=(200, 0, 0)):
    """Creates the folder of a finished or failed job."""
    folder = create_job_folder(jobs, new_job(prompt, seed=seed))
    events = EventWriter(folder)
    events("hello", protocol=PROTOCOL, backend="test", device="cpu")
    if problem:
        events("error", message="It failed.", code=problem)
    else:
        write_box(folder / "asset" / "mesh.glb", color)
        events("result", mesh="asset/mesh.glb", report={}, elapsed_s=1.0)
    events("bye", status="failed" if problem else "done")
    events.close()
    return folder


def test_finished_and_failed_jobs(tmp_path, tiny_clip):
    finished_job(tmp_path / "jobs", "a red cube")
    finished_job(tmp_path / "jobs", "a blue cube", problem="diverged")
    create_job_folder(tmp_path / "jobs", new_job("a green cube"))  # still queued
    settings = RetrievalSettings(
        tmp_path / "out", jobs=(tmp_path / "jobs",), models=(str(tiny_clip),), azimuths=1, picture_px=32
    )
    facts = evaluate_retrieval(settings)
    assert (facts["objects"], facts["captions"]) == (2, 2)
    assert facts["empty or failed"]["right"] == 1
    (model,) = facts["models"].values()
    assert [row.get("problem") for row in model["objects"]] == [None, "diverged"]
    assert model["color"]["r_precision"] <= 0.5


def test_jobs_are_selected_by_prompt_and_seed_across_folders(tmp_path, tiny_clip):
    one, other = tmp_path / "a" / "jobs", tmp_path / "b" / "jobs"
    for seed in (2, 0, 1):
        finished_job(one, "a red cube", seed)
    finished_job(one, "a red cone")
    kept = finished_job(other, "a green cube", 5)
    again = finished_job(other, "a red cube", 1)
    (tmp_path / "prompts.txt").write_text("a red cube\na green cube\na blue cube\n")
    command = [
        "evaluate", "retrieval", "--output", str(tmp_path / "out"), "--prompts", str(tmp_path / "prompts.txt"),
        "--jobs", str(one), "--jobs", str(other), "--seeds", "2", "--model", str(tiny_clip), "--azimuths", "1",
        "--picture-px", "32", "--threads", "1",
    ]  # fmt: skip
    done = CliRunner().invoke(app, command, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert "Prompts without an object: a blue cube." in done.output
    facts = json.loads((tmp_path / "out" / "retrieval.json").read_text())
    assert (facts["objects"], facts["captions"], facts["without object"]) == (3, 3, ["a blue cube"])
    (model,) = facts["models"].values()
    rows = {(row["prompt"], row["seed"]): row["key"] for row in model["objects"]}
    assert list(rows) == [("a red cube", 0), ("a red cube", 1), ("a green cube", 5)]
    assert rows["a green cube", 5] == kept.name
    assert rows["a red cube", 1] == again.name


@pytest.mark.slow
def test_objects_are_generated_on_a_ray_cluster(tmp_path, tiny_clip, monkeypatch):
    (tmp_path / "prompts.txt").write_text("a red mug\na green tree\n")
    monkeypatch.chdir(tmp_path)
    command = ["evaluate", "retrieval", "--output", "out", "--prompts", "prompts.txt", "--seeds", "2", "--ray", "local"]
    command += ["--device", "cpu", "--model", str(tiny_clip), "--azimuths", "1", "--picture-px", "32", "--threads", "1"]
    command += [part for name, value in SMALL.items() for part in ("--set", f"{name}={json.dumps(value)}")]
    done = CliRunner().invoke(app, command, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    facts = json.loads((tmp_path / "out" / "retrieval.json").read_text())
    assert (facts["objects"], facts["captions"], facts["empty or failed"]["right"]) == (4, 2, 0)
    jobs = list_jobs(tmp_path / "out" / "jobs")
    assert sorted((read_job(job).prompt, read_job(job).seed) for job in jobs) == [
        (prompt, seed) for prompt in ("a green tree", "a red mug") for seed in (0, 1)
    ]
    before = [kinds(job) for job in jobs]
    command = [part for part in command if part not in ("--ray", "local")]
    assert CliRunner().invoke(app, command, catch_exceptions=False).exit_code == 0
    assert [kinds(job) for job in jobs] == before  # found again without a cluster


def test_a_run_without_objects_is_an_error(tmp_path):
    with pytest.raises(UserError, match="--prompts"):
        evaluate_retrieval(RetrievalSettings(tmp_path / "out"))
    os.mkdir(tmp_path / "jobs")
    with pytest.raises(UserError, match="no finished job"):
        evaluate_retrieval(RetrievalSettings(tmp_path / "out", jobs=(tmp_path / "jobs",)))
