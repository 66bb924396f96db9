"""Every job ends within seconds of a cancel, whatever its worker is doing."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from backend.cli.terminal import PHASES
from backend.jobs import states
from backend.jobs.folder import is_requested, request_control
from backend.jobs.lock import is_locked
from backend.optimize import checkpoint
from tests.cli.test_cli import start_generate
from tests.figures import Record
from tests.worker.small_jobs import RunWorker, StartWorker, add_job, await_that, kinds, read_events, state_of

pytestmark = pytest.mark.faults
LIMIT_S = 5.0
FINE: dict[str, Any] = {  # each stage of the asset takes seconds
    "mesh.resolution": 200,
    "mesh.texture_px": 2048,
    "mesh.normal_px": 1024,
    "mesh.roughness_px": 512,
    "mesh.formats": ["obj", "ply", "stl", "usd"],
    "refine.steps": 20,
}


def seconds_to_end(folder: Path) -> float:
    """Cancels a job. Returns the time until clients show its end."""
    started = time.monotonic()
    request_control(folder, "cancel")
    await_that("the end", lambda: state_of(folder).is_final)
    return time.monotonic() - started


@pytest.mark.parametrize("phase", [phase for phase in PHASES if phase])
def test_a_job_can_be_canceled_in_every_stage(
    tmp_path: Path, start_worker: StartWorker, figure: Record, phase: str
) -> None:
    folder = add_job(tmp_path, overrides=FINE)
    worker = start_worker(tmp_path, "backend", "work")
    await_that(phase, lambda: any(e.get("name") == phase for e in read_events(folder)), worker)
    seconds = seconds_to_end(folder)
    assert state_of(folder).status == states.CANCELLED
    figure(f"cancel while {PHASES[phase].lower()}", seconds, "s", at_most=LIMIT_S)


def test_a_cancel_does_not_wait_for_a_slow_model(
    tmp_path: Path, start_worker: StartWorker, run_worker: RunWorker, figure: Record
) -> None:
    folder, waiting = add_job(tmp_path, steps=8), add_job(tmp_path)
    worker = start_worker(tmp_path, "tests.worker.slow_model", "60", "6")
    log = folder / "log.txt"
    await_that("the slow call", lambda: log.exists() and "slow" in log.read_text(), worker)
    seconds = seconds_to_end(folder)
    assert state_of(folder).status == states.CANCELLED
    assert kinds(folder)[-1] == "bye"
    worker.communicate(timeout=10)
    assert not is_locked(folder / "lock")  # nothing runs or holds memory any more
    assert not is_requested(folder, "cancel")
    found = checkpoint.load_latest(folder / "checkpoints")
    assert found is not None
    assert found[0] == 4
    assert state_of(waiting).status == states.QUEUED

    request_control(folder, "resume")
    run_worker(tmp_path)
    assert [state_of(job).status for job in (folder, waiting)] == [states.DONE] * 2
    figure("cancel during a model call of 60 s", seconds, "s", at_most=LIMIT_S)


@pytest.mark.skipif(os.name == "nt", reason="uses SIGSTOP")
def test_ctrl_c_does_not_wait_for_a_worker_that_hangs(repo: Path, tmp_path: Path, figure: Record) -> None:
    process, folder = start_generate(repo, tmp_path)
    os.kill(read_events(folder)[0]["pid"], signal.SIGSTOP)  # also stops its watchdog, as native code can
    started = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    seconds = time.monotonic() - started
    assert errors.splitlines()[-1].startswith("Canceled."), errors
    assert not is_locked(folder / "lock")
    figure("Ctrl-C while the worker hangs", seconds, "s", at_most=LIMIT_S)
