"""Jobs that paint a mesh with a depth ControlNet."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backend.jobs.folder import request_control
from backend.jobs.states import DONE, FAILED, read_state
from tests.guidance.tiny_models import save_tiny
from tests.worker.small_jobs import RunWorker, StartWorker, add_job, await_that
from tests.worker.test_painting import add_painting, pixels_of


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny("sd+controlnet", tmp_path_factory.mktemp("model") / "sd")


def add(jobs: Path, model: Path, overrides: dict[str, Any], **options: Any) -> Path:
    options = {"prior": str(model), "preset": "quality", **options}
    return add_painting(jobs, overrides={"optimizer.views": 1, "guidance.guidance_scale": 5.0, **overrides}, **options)


def test_the_depth_changes_the_painting(tmp_path: Path, model: Path, run_worker: RunWorker) -> None:
    """The model's own ControlNet, another strength, a given one, and none."""
    cases: list[dict[str, Any]] = [
        {},
        {"guidance.controlnet": str(model / "controlnet")},
        {"guidance.controlnet_scale": 0.4},
        {"guidance.controlnet_scale": 0.0},
    ]
    folders = [add(tmp_path, model, {"optimizer.steps": 4, **case}) for case in cases]
    run_worker(tmp_path)
    assert [read_state(folder).error for folder in folders] == [""] * 4
    own, given, weak, none = (pixels_of(folder).astype(int) for folder in folders)
    assert np.array_equal(own, given)
    for one, other in ((own, weak), (own, none), (weak, none)):
        assert np.abs(one - other).mean() > 0.1


def test_a_killed_painting_resumes_to_the_same_bits(
    tmp_path: Path, model: Path, start_worker: StartWorker, run_worker: RunWorker
) -> None:
    whole = add(tmp_path / "whole", model, {"optimizer.steps": 16}, seed=7)
    run_worker(whole.parent)
    killed = add(tmp_path / "killed", model, {"optimizer.steps": 16}, seed=7)
    worker = start_worker(killed.parent)
    await_that("step 5", lambda: read_state(killed).step >= 5, worker)
    os.killpg(worker.pid, signal.SIGKILL)
    worker.communicate()
    request_control(killed, "resume")
    run_worker(killed.parent)
    assert read_state(killed).status == DONE
    assert (killed / "asset" / "albedo.png").read_bytes() == (whole / "asset" / "albedo.png").read_bytes()


def test_what_cannot_be_used_fails_with_one_sentence(tmp_path: Path, model: Path, run_worker: RunWorker) -> None:
    control = {"guidance.controlnet": str(model / "controlnet")}
    cases = {
        "was not found": add(tmp_path, model, {"guidance.controlnet": "/nowhere"}),
        "is a UNet2DConditionModel": add(tmp_path, model, {"guidance.controlnet": str(model / "unet")}),
        "The built-in model takes no ControlNet": add(tmp_path, model, control, prior="builtin", preset="fast"),
        "needs a mesh that is painted": add_job(tmp_path, prior=str(model), overrides=control),
    }
    run_worker(tmp_path)
    for words, folder in cases.items():
        state = read_state(folder)
        assert state.status == FAILED
        assert words in state.error
        assert state.error_code in ("prior", "settings")


def test_other_modes_ignore_the_models_own_one(tmp_path: Path, model: Path, run_worker: RunWorker) -> None:
    folder = add_job(tmp_path, prior=str(model), preset="quality", overrides={"optimizer.views": 1})
    run_worker(tmp_path)
    assert read_state(folder).error == ""
