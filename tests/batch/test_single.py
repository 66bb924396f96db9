"""Single jobs of a batch in one process: `batch run` and what a worker calls."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from backend.batch.single import BUSY, Outcome, record_failure, run_single, run_to_end
from backend.jobs import states
from backend.jobs.folder import request_control
from backend.jobs.lock import FolderLock
from backend.optimize import checkpoint
from backend.worker import job
from backend.worker.stop import StopFlag
from tests.shared import disk_of
from tests.worker.small_jobs import add_job, kinds, read_events, state_of


def test_a_job_runs_once(tmp_path: Path) -> None:
    folder = add_job(tmp_path)
    assert run_single(folder, StopFlag()) == Outcome(states.DONE)
    assert (folder / "asset" / "mesh.glb").exists()
    before = kinds(folder)
    assert run_single(folder, StopFlag()) == Outcome(states.DONE)
    assert kinds(folder) == before


def test_an_interrupted_job_continues_from_its_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, stop = add_job(tmp_path, steps=6), StopFlag()
    optimize = job.stages.optimize

    def stopped_at_step_3(running: object, settings: object, run: object) -> None:
        advance = run.advance

        def advance_and_stop() -> float:
            size = advance()
            stop.is_set = run.step == 3
            return size

        run.advance = advance_and_stop
        optimize(running, settings, run)

    monkeypatch.setattr(job.stages, "optimize", stopped_at_step_3)
    assert run_single(folder, stop).status == states.CANCELLED
    monkeypatch.undo()
    found = checkpoint.load_latest(folder / "checkpoints")
    assert found is not None
    assert found[0] == 3
    count = len(read_events(folder))
    assert run_single(folder, StopFlag()) == Outcome(states.DONE)
    steps = [event["step"] for event in read_events(folder)[count:] if event.get("phase") == "optimising"]
    assert min(steps) >= 3


def test_outcomes_without_a_run(tmp_path: Path) -> None:
    folder = add_job(tmp_path)
    lock = FolderLock(folder / "lock")
    assert lock.acquire()
    assert run_single(folder, StopFlag()) == Outcome(BUSY)
    stopped = StopFlag()
    stopped.is_set = True
    assert run_to_end(folder, stopped).status == states.CANCELLED
    lock.release()
    assert run_single(tmp_path / "deleted", StopFlag()).status == states.CANCELLED
    request_control(folder, "cancel")
    assert run_single(folder, StopFlag()).status == states.CANCELLED
    assert kinds(folder) == ["hello", "phase", "bye"]


def test_a_failure_has_the_message_and_the_code_of_the_job(tmp_path: Path) -> None:
    folder = add_job(tmp_path, prior="nothing")
    outcome = run_single(folder, StopFlag())
    assert (outcome.status, outcome.code) == (states.FAILED, "prior")
    assert "nothing" in outcome.message


def test_the_end_of_a_lost_job_is_recorded_once(tmp_path: Path) -> None:
    folder, outcome = add_job(tmp_path), Outcome(states.DIED, "The worker was killed.", "died")
    lock = FolderLock(folder / "lock")
    assert lock.acquire()
    record_failure(folder, outcome)
    assert kinds(folder) == []  # another worker has the job
    lock.release()
    for _ in range(2):
        record_failure(folder, outcome)
    assert kinds(folder) == ["error", "bye"]
    state = state_of(folder)
    assert (state.status, state.error, state.error_code) == (states.FAILED, "The worker was killed.", "died")
    record_failure(tmp_path / "deleted", outcome)
    assert os.listdir(tmp_path) == [folder.name]
    assert run_single(folder, StopFlag()) == Outcome(states.DONE)  # started again


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A jobs folder on a file system that is too small for a job."""
    with disk_of(tmp_path / "disk", "160k") as place:
        yield place


def test_a_full_disk_fails_the_job_with_its_message(small_disk: Path) -> None:
    folder = add_job(small_disk)
    outcome = run_single(folder, StopFlag())
    assert (outcome.status, outcome.code) == (states.FAILED, "disk")
    assert f"The disk of {folder} is full." in outcome.message
    with suppress(OSError), open(small_disk / "rest", "ab", 0) as rest:  # not even an event can be written now
        while True:
            rest.write(b"x" * 512)
    again = run_single(folder, StopFlag())
    assert (again.status, again.code) == (states.FAILED, "disk")
    assert "is full" in again.message
    record_failure(folder, again)
    (small_disk / "rest").unlink()
    subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
    assert run_single(folder, StopFlag()) == Outcome(states.DONE)
