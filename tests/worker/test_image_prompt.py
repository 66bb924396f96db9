"""Jobs with a reference image."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from backend.inputs.mesh_file import encode_mesh
from backend.jobs.folder import create_job_folder, read_job, request_control
from backend.jobs.request import IMAGE, SCHEMA, SCHEMA_WITH_INPUT, new_job
from backend.jobs.states import DONE, FAILED, read_state
from tests.guidance.tiny_models import save_tiny
from tests.inputs.pictures import as_file, mushroom
from tests.paint.painted import ball
from tests.worker.small_jobs import SMALL, RunWorker, StartWorker, await_that, read_events


def add_image_job(jobs: Path, image: bytes | None = None, **options: Any) -> Path:
    overrides = {**SMALL, "image.render_px": 16, **options.pop("overrides", {})}
    files = {IMAGE: as_file(mushroom()) if image is None else image, **options.pop("files", {})}
    request = new_job("a mushroom", device="cpu", image=IMAGE, overrides=overrides, **options)
    return create_job_folder(jobs, request, files)


def mean_color(folder: Path) -> Any:
    return np.asarray(Image.open(folder / "asset" / "albedo.png").convert("RGB"), float).mean((0, 1))


def test_the_colors_follow_the_image(tmp_path: Path, run_worker: RunWorker) -> None:
    made = []
    for name, color in (("blue", (20, 20, 230)), ("red", (230, 20, 20))):
        pixels = mushroom()
        pixels[..., :3] = color
        strong = {"image.color_weight": 1e4, "optimizer.albedo_rate": 0.3, "optimizer.steps": 12}
        folder = add_image_job(tmp_path / name, as_file(pixels), overrides=strong)
        run_worker(folder.parent)
        state = read_state(folder)
        assert (state.status, state.error) == (DONE, "")
        assert {"preview", "result"} <= {event["kind"] for event in read_events(folder)}
        made.append(mean_color(folder))
    blue, red = made
    assert blue[2] - red[2] > 40 < red[0] - blue[0]


def test_a_killed_job_resumes_to_the_same_bits(
    tmp_path: Path, start_worker: StartWorker, run_worker: RunWorker
) -> None:
    steps = {"optimizer.steps": 40, "image.every": 2}
    whole = add_image_job(tmp_path / "whole", seed=7, overrides=steps)
    run_worker(whole.parent)
    killed = add_image_job(tmp_path / "killed", seed=7, overrides=steps)
    worker = start_worker(killed.parent)
    await_that("step 9", lambda: read_state(killed).step >= 9, worker)
    os.killpg(worker.pid, signal.SIGKILL)
    worker.communicate()
    request_control(killed, "resume")
    run_worker(killed.parent)
    for name in ("albedo.png", "mesh.glb"):
        assert (killed / "asset" / name).read_bytes() == (whole / "asset" / name).read_bytes()


def test_the_refinement_follows_the_image(tmp_path: Path, run_worker: RunWorker) -> None:
    refine = {"refine.steps": 2, "refine.render_px": 32, "refine.correction_px": 32, "refine.albedo_rate": 0.2}
    changes = []
    for weight in (0.0, 1e5):
        folder = add_image_job(tmp_path / str(weight), overrides={**refine, "image.color_weight": weight})
        run_worker(folder.parent)
        assert read_state(folder).status == DONE
        changes.append(mean_color(folder))
    assert np.abs(changes[0] - changes[1]).max() > 1


def test_a_painted_mesh_follows_the_image(tmp_path: Path, run_worker: RunWorker) -> None:
    files = {"input/mesh.npz": encode_mesh(ball())}
    paint = {"paint.levels": [8, 16], "image.color_weight": 1e4, "optimizer.albedo_rate": 0.3}
    pixels = np.full((64, 64, 4), 255, np.uint8)
    pixels[..., :3] = (20, 20, 230)
    pixels[:2, :, 3] = 0
    folder = add_image_job(tmp_path, as_file(pixels), mode="texture", files=files, overrides=paint)
    run_worker(tmp_path)
    state = read_state(folder)
    assert (state.status, state.error) == (DONE, "")
    red, _, blue = mean_color(folder)
    assert blue > red + 10


def test_a_note_says_that_light_and_shadow_are_left_out(tmp_path: Path, run_worker: RunWorker) -> None:
    rows, columns = np.mgrid[-1:1:64j, -1:1:64j]
    ball = np.zeros((64, 64, 4), np.uint8)
    ball[..., :3] = (160 - 90 * (rows - columns) / 2)[..., None]
    ball[..., 3] = 255 * (rows**2 + columns**2 < 0.8)
    found = []
    for shading in ("auto", "plain"):
        folder = add_image_job(tmp_path / shading, as_file(ball), overrides={"image.shading": shading})
        run_worker(folder.parent)
        assert read_state(folder).status == DONE
        found.append([e["message"] for e in read_events(folder) if "light and shadow" in e.get("message", "")])
    assert [len(messages) for messages in found] == [1, 0]


def test_the_request_says_that_there_is_an_image(tmp_path: Path) -> None:
    folder = add_image_job(tmp_path)
    assert read_job(folder).image == IMAGE
    assert json.loads((folder / "job.json").read_text())["schema"] == SCHEMA_WITH_INPUT
    assert new_job("a mug").schema == SCHEMA


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (b"", "missing or damaged"),
        (None, "missing or damaged"),
        (as_file(np.zeros((64, 64, 4), np.uint8)), "fully transparent"),
        (as_file(np.full((64, 64, 4), 255, np.uint8)), "no object"),
    ],
    ids=["empty", "missing", "transparent", "plain"],
)
def test_a_bad_image_fails_with_one_sentence(
    tmp_path: Path, run_worker: RunWorker, damage: bytes | None, sentence: str
) -> None:
    folder = add_image_job(tmp_path)
    (folder / IMAGE).unlink()
    if damage is not None:
        (folder / IMAGE).write_bytes(damage)
    run_worker(tmp_path)
    state = read_state(folder)
    assert (state.status, state.error_code) == (FAILED, "image")
    assert sentence in state.error


@pytest.mark.parametrize("field", ["mlp", "sphere"])
def test_other_fields_follow_the_image(tmp_path: Path, run_worker: RunWorker, field: str) -> None:
    folder = add_image_job(
        tmp_path,
        overrides={
            "field.kind": field, "field.mlp.width": 16, "field.mlp.blocks": 1, "field.mlp.octaves": 2,
            "field.mlp.proposal_samples": [8], "field.mlp.blob_density": 50.0, "image.every": 1,
        },
    )  # fmt: skip
    run_worker(tmp_path)
    state = read_state(folder)
    assert (state.status, state.error) == (DONE, "")


def test_a_large_model_follows_the_image(tmp_path: Path, run_worker: RunWorker) -> None:
    model = save_tiny("sd", tmp_path / "model")
    folder = add_image_job(tmp_path / "jobs", prior=str(model), preset="quality", overrides={"optimizer.views": 1})
    run_worker(folder.parent)
    state = read_state(folder)
    assert (state.status, state.error) == (DONE, "")
