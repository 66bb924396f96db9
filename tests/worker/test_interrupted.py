"""Jobs that are canceled, terminated, killed, or fill the disk. No progress is lost."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from backend.jobs import states
from backend.jobs.folder import is_requested, request_control
from backend.jobs.lock import is_locked
from backend.optimize import checkpoint
from tests.shared import disk_of
from tests.worker.small_jobs import RunWorker, StartWorker, add_job, await_that, kinds, read_events, state_of

LONG = 5000  # steps, more than any test runs


def steps_of(folder: Path) -> list[int]:
    return [e["step"] for e in read_events(folder) if e["kind"] == "progress" and e["phase"] == "optimising"]


def shorten(folder: Path, steps: int) -> None:
    """Lowers the number of steps in the recorded settings, which a resumed job uses."""
    path = folder / "settings.json"
    path.write_text(path.read_text().replace(f'"optimizer.steps": {LONG}', f'"optimizer.steps": {steps}'))


def test_a_killed_job_resumes_bit_identically(tmp_path: Path, start_worker: StartWorker, run_worker: RunWorker) -> None:
    killed = add_job(tmp_path / "killed", steps=10, seed=5)
    worker = start_worker(killed.parent)
    await_that("step 5", lambda: state_of(killed).step >= 5, worker)
    assert is_locked(killed / "lock")
    os.killpg(worker.pid, signal.SIGKILL)
    worker.communicate()
    died = state_of(killed)
    assert (died.status, died.error_code) == (states.DIED, "died")
    assert checkpoint.has_checkpoint(killed / "checkpoints")

    before = kinds(killed)
    run_worker(killed.parent)  # never resumes automatically: a job that crashes its worker would do so forever
    assert kinds(killed) == before

    request_control(killed, "resume")
    run_worker(killed.parent)
    assert state_of(killed).status == states.DONE
    assert not is_requested(killed, "resume")
    assert kinds(killed).count("hello") == 2

    uninterrupted = add_job(tmp_path / "uninterrupted", steps=10, seed=5)
    run_worker(uninterrupted.parent)
    assert_same_end(killed, uninterrupted)


def assert_same_end(one: Path, other: Path) -> None:
    ends = [checkpoint.load_latest(folder / "checkpoints") for folder in (one, other)]
    assert ends[0] is not None
    assert ends[1] is not None
    assert ends[0][0] == ends[1][0] == 10
    assert ends[0][1].keys() == ends[1][1].keys()
    for name, tensor in ends[0][1].items():
        assert torch.equal(tensor, ends[1][1][name]), name
    assert (one / "asset" / "albedo.png").read_bytes() == (other / "asset" / "albedo.png").read_bytes()


def test_a_cancelled_job_resumes_with_its_progress(
    tmp_path: Path, start_worker: StartWorker, run_worker: RunWorker
) -> None:
    folder, waiting = add_job(tmp_path, steps=LONG), add_job(tmp_path, steps=2)
    worker = start_worker(tmp_path)
    await_that("step 3", lambda: state_of(folder).step >= 3, worker)
    request_control(folder, "cancel")
    worker.communicate(timeout=240)
    assert kinds(folder)[-1] == "bye"
    assert state_of(folder).status == states.CANCELLED
    assert not is_requested(folder, "cancel")
    assert state_of(waiting).status == states.DONE  # the next in the queue
    found = checkpoint.load_latest(folder / "checkpoints")
    assert found is not None
    reached = found[0]
    assert reached >= 3

    shorten(folder, reached + 2)
    request_control(folder, "resume")
    run_worker(tmp_path)
    assert state_of(folder).status == states.DONE
    assert steps_of(folder)[-1] == reached + 2
    again = read_events(folder)[kinds(folder).index("bye") + 1 :]
    assert min(e["step"] for e in again if e["kind"] == "progress" and e["phase"] == "optimising") > reached


def test_sigterm_saves_the_job_and_leaves_the_queue(tmp_path: Path, start_worker: StartWorker) -> None:
    folder, waiting = add_job(tmp_path, steps=LONG), add_job(tmp_path)
    worker = start_worker(tmp_path)
    await_that("step 3", lambda: state_of(folder).step >= 3, worker)
    os.killpg(worker.pid, signal.SIGTERM)
    output, _ = worker.communicate(timeout=60)
    assert (worker.returncode, output) == (0, "")
    assert state_of(folder).status == states.CANCELLED
    found = checkpoint.load_latest(folder / "checkpoints")
    assert found is not None
    assert found[0] >= 3
    assert state_of(waiting).status == states.QUEUED


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A jobs folder on a file system that is too small for a checkpoint."""
    with disk_of(tmp_path / "disk", "160k") as place:
        yield place


def test_a_full_disk_is_reported(small_disk: Path, run_worker: RunWorker) -> None:
    folder = add_job(small_disk)
    run_worker(small_disk)
    state = state_of(folder)
    assert (state.status, state.error_code) == (states.FAILED, "disk"), state
    assert "is full" in state.error
    assert not list(folder.rglob("*.tmp"))
