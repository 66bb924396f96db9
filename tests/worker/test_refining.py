"""Jobs with a refinement, run by a worker process with the built-in model."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh
from PIL import Image

from backend.jobs import states
from backend.jobs.folder import request_control, withdraw_control
from tests.guidance.tiny_models import save_tiny
from tests.worker.small_jobs import RunWorker, StartWorker, add_job, await_that, kinds, read_events, state_of

REFINE: dict[str, Any] = {
    "refine.steps": 4,
    "refine.render_px": 32,
    "refine.correction_px": 32,
    "refine.vertex_rate": 0.002,
}


def steps_of(folder: Path, phase: str = "refining") -> list[int]:
    return [event["step"] for event in read_events(folder) if event["kind"] == "progress" and event["phase"] == phase]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory, repo: Path, warm_python: Path) -> tuple[Path, Path]:
    """A job with a refinement, and the same job without it."""
    jobs = tmp_path_factory.mktemp("jobs")
    # The refined job is the last, because waiting jobs take precedence over a turntable.
    plain = add_job(jobs)
    refined = add_job(jobs, overrides={**REFINE, "output.turntable": True})
    done = subprocess.run(
        [warm_python, "-m", "backend", "work", str(jobs)], cwd=repo, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return refined, plain


def test_the_refinement_emits_events_like_any_phase(finished: tuple[Path, Path]) -> None:
    folder, _ = finished
    events = read_events(folder)
    assert [event["name"] for event in events if event["kind"] == "phase"] == list(states.PHASES)
    steps = steps_of(folder)
    assert steps == sorted(steps)
    assert steps[-1] == 4
    previews = [event["path"] for event in events if event["kind"] == "preview"]
    assert previews[-1].startswith("previews/refined-")
    with Image.open(folder / previews[-1]) as picture:
        assert picture.size == (32, 32)
    assert events[-1]["kind"] == "turntable"
    assert state_of(folder).status == states.DONE
    assert not state_of(folder).warnings


def test_the_asset_and_its_report_are_refined(finished: tuple[Path, Path]) -> None:
    reports = [json.loads((folder / "asset" / "report.json").read_text()) for folder in finished]
    refined, plain = reports
    assert "refinement" not in plain
    facts = refined["refinement"]
    assert facts["steps"] == 4
    assert facts["color_change"] > 0
    assert 0 < facts["vertex_change"] <= facts["vertex_change_most"] <= 0.03
    assert facts["silhouette_iou_before"] == plain["silhouette_iou"]
    for name in ("watertight", "manifold", "components", "euler_characteristic", "faces", "charts", "settings"):
        assert refined[name] == plain[name], name
    meshes = [trimesh.load(folder / "asset" / "mesh.glb", force="mesh", process=False) for folder in finished]
    assert np.array_equal(meshes[0].faces, meshes[1].faces)
    assert np.allclose(meshes[0].visual.uv, meshes[1].visual.uv)
    moved = np.linalg.norm(meshes[0].vertices - meshes[1].vertices, axis=1)
    assert moved.max() == pytest.approx(facts["vertex_change_most"], abs=1e-5)
    closed = trimesh.Trimesh(meshes[0].vertices, meshes[0].faces)  # merges the copies at seams
    assert closed.is_watertight
    assert closed.volume == pytest.approx(refined["volume"], rel=1e-3)
    # The vertex normals belong to the moved vertices.
    of_faces = trimesh.geometry.mean_vertex_normals(len(meshes[0].vertices), meshes[0].faces, meshes[0].face_normals)
    assert np.einsum("ij,ij->i", meshes[0].vertex_normals, of_faces).mean() > 0.9
    albedos = [(folder / "asset" / "albedo.png").read_bytes() for folder in finished]
    assert albedos[0] != albedos[1]
    assert not (finished[0] / "checkpoints" / "refine").exists()


def test_a_cancelled_refinement_resumes(tmp_path: Path, start_worker: StartWorker, run_worker: RunWorker) -> None:
    folder = add_job(tmp_path, overrides={**REFINE, "refine.steps": 5000})
    worker = start_worker(tmp_path)
    await_that("refinement step 3", lambda: (steps_of(folder) or [0])[-1] >= 3, worker)
    request_control(folder, "pause")
    await_that("the pause", lambda: kinds(folder)[-1] == "paused", worker)
    request_control(folder, "cancel")
    worker.communicate(timeout=240)
    assert state_of(folder).status == states.CANCELLED
    assert not (folder / "asset" / "mesh.glb").exists()
    reached = steps_of(folder)[-1]

    path = folder / "settings.json"
    path.write_text(path.read_text().replace('"refine.steps": 5000', f'"refine.steps": {reached + 2}'))
    withdraw_control(folder, "pause")
    request_control(folder, "resume")
    run_worker(tmp_path)
    assert state_of(folder).status == states.DONE
    again = [event for event in read_events(folder)[kinds(folder).index("bye") :] if event["kind"] == "progress"]
    assert min(event["step"] for event in again if event["phase"] == "refining") > reached
    assert state_of(folder).report["refinement"]["steps"] == reached + 2


def test_an_invalid_setting_fails_the_job(tmp_path: Path, run_worker: RunWorker) -> None:
    folder = add_job(tmp_path, overrides={**REFINE, "refine.t_high": 0.9})
    run_worker(tmp_path)
    state = state_of(folder)
    assert (state.status, state.error_code) == (states.FAILED, "settings")
    assert "'refine.t_high' is 0.9 and must be between 0.001 and 0.5" in state.error


def test_the_refinement_uses_the_negative_prompt_of_the_preset(tmp_path: Path, run_worker: RunWorker) -> None:
    """The text encoder of a large model is unloaded by then: only texts encoded at the start are available."""
    model = save_tiny("sd", tmp_path / "model")
    small = {**REFINE, "refine.steps": 1, "optimizer.steps": 2}
    folder = add_job(tmp_path / "jobs", steps=2, prior=str(model), preset="sd", overrides=small)
    run_worker(folder.parent)
    assert (state_of(folder).status, state_of(folder).error) == (states.DONE, "")
