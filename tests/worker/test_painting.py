"""Jobs that paint a given mesh."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from backend.inputs.mesh_file import encode_mesh, present_name
from backend.jobs.folder import create_job_folder, request_control
from backend.jobs.request import new_job
from backend.jobs.states import DONE, FAILED, read_state
from tests.guidance.tiny_models import save_tiny
from tests.paint.painted import ball, square
from tests.worker.small_jobs import SMALL, RunWorker, StartWorker, await_that, read_events

PAINT: dict[str, Any] = {**SMALL, "paint.levels": [8, 16]}


def add_painting(jobs: Path, mesh: Any = None, pictures: dict[int, Any] | None = None, **options: Any) -> Path:
    """Adds a small job that paints a mesh."""
    request = new_job(
        "a red ball",
        mode="texture",
        device="cpu",
        overrides={**PAINT, **options.pop("overrides", {})},
        **options,
    )
    folder = create_job_folder(jobs, request, {"input/mesh.npz": encode_mesh(mesh or ball())})
    for sheet, pixels in (pictures or {}).items():
        Image.fromarray(pixels).save(folder / present_name(sheet))
    return folder


def pixels_of(folder: Path, name: str = "albedo.png") -> Any:
    return np.asarray(Image.open(folder / "asset" / name).convert("RGB"))


def test_a_mesh_is_painted(tmp_path: Path, run_worker: RunWorker) -> None:
    folder = add_painting(tmp_path, overrides={"output.turntable": True})
    assert run_worker(tmp_path) == ""
    state = read_state(folder)
    assert (state.status, state.error) == (DONE, "")
    assert pixels_of(folder).shape == (64, 64, 3)
    report = state.report
    assert report["sheets"] == 1
    assert report["texels"] > 1000
    assert report["texels_unseen"] < report["texels"]
    kinds = [event["kind"] for event in read_events(folder)]
    assert {"preview", "progress", "result", "turntable"} <= set(kinds)
    assert kinds.index("bye") < kinds.index("turntable")


def test_a_killed_painting_resumes_to_the_same_bits(
    tmp_path: Path, start_worker: StartWorker, run_worker: RunWorker
) -> None:
    steps = {"optimizer.steps": 40}
    whole = add_painting(tmp_path / "whole", seed=7, overrides=steps)
    run_worker(whole.parent)
    killed = add_painting(tmp_path / "killed", seed=7, overrides=steps)
    worker = start_worker(killed.parent)
    await_that("step 9", lambda: read_state(killed).step >= 9, worker)
    os.killpg(worker.pid, signal.SIGKILL)
    worker.communicate()
    request_control(killed, "resume")
    run_worker(killed.parent)
    for name in ("albedo.png", "mesh.glb"):
        assert (killed / "asset" / name).read_bytes() == (whole / "asset" / name).read_bytes()


def test_outside_of_the_mask_nothing_changes(tmp_path: Path, run_worker: RunWorker) -> None:
    present = np.random.default_rng(0).integers(0, 256, (40, 40, 3), np.uint8)
    mask = np.array([(1, 1, 1), (0, 0, 0)], np.float32)
    folder = add_painting(tmp_path, square(mask=mask), {0: present})
    run_worker(tmp_path)
    made = pixels_of(folder)
    v, u = np.mgrid[0:40, 0:40]
    kept = 39 - v > u
    assert np.array_equal(made[kept], present[kept])
    assert not np.array_equal(made, present)


def test_strength_limits_the_change(tmp_path: Path, run_worker: RunWorker) -> None:
    present = np.full((32, 32, 3), 200, np.uint8)
    folders = [
        add_painting(tmp_path, ball(), {0: present}, overrides={"paint.strength": strength, "optimizer.steps": 12})
        for strength in (0.1, 1.0)
    ]
    run_worker(tmp_path)
    little, much = (np.abs(pixels_of(folder).astype(int) - 200).mean() for folder in folders)
    assert 0 < little < much


def test_several_sheets_are_several_textures(tmp_path: Path, run_worker: RunWorker) -> None:
    folder = add_painting(tmp_path, square(sheet=[0, 1], colors=[(1, 2, 3), (4, 5, 6)]))
    run_worker(tmp_path)
    assert pixels_of(folder).shape == pixels_of(folder, "albedo-1.png").shape == (64, 64, 3)


def link_input(folder: Path) -> None:
    """Replaces the folder of the input by a link to the same files elsewhere."""
    elsewhere = folder.parent.parent / "elsewhere"
    (folder / "input").rename(elsewhere)
    (folder / "input").symlink_to(elsewhere, target_is_directory=True)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda folder: (folder / "input" / "mesh.npz").unlink(), "Cannot read"),
        (lambda folder: (folder / "input" / "mesh.npz").write_bytes(b"PK"), "damaged"),
        (link_input, "leads out of the job's folder"),
        (lambda folder: (folder / present_name(0)).write_bytes(b"GIF89a"), "Cannot read"),
        (lambda folder: os.mkfifo(folder / present_name(0)), "Cannot read"),
        (lambda folder: Image.new("L", (9000, 1)).save(folder / present_name(0)), "larger than 8192 pixels"),
    ],
    ids=["missing", "damaged", "link", "no picture", "pipe", "large"],
)
def test_a_job_with_bad_input_fails_with_one_sentence(
    tmp_path: Path, run_worker: RunWorker, damage: Callable[[Path], Any], words: str
) -> None:
    folder = add_painting(tmp_path)
    damage(folder)
    good = add_painting(tmp_path)
    run_worker(tmp_path)
    state = read_state(folder)
    assert (state.status, state.error_code) == (FAILED, "mesh")
    assert words in state.error
    assert "unexpected" not in state.error
    assert read_state(good).status == DONE


def test_a_large_model_paints(tmp_path: Path, run_worker: RunWorker) -> None:
    model = save_tiny("sd", tmp_path / "model")
    folder = add_painting(tmp_path / "jobs", prior=str(model), preset="quality", overrides={"optimizer.views": 1})
    run_worker(folder.parent)
    state = read_state(folder)
    assert (state.status, state.error) == (DONE, "")
    assert pixels_of(folder).std() > 0
