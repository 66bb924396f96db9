"""Someone deletes files under a running job: it ends clearly, nothing comes back, and never do two workers have one job."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest

from backend.jobs import states
from backend.jobs.folder import request_control
from tests.figures import Record
from tests.worker.small_jobs import RunWorker, StartWorker, add_job, await_that, kinds, read_events, state_of
from tests.worker.test_interrupted import LONG, shorten

ROUNDS = 64
OVERLAPS = 24
# What is deleted, relative to the job's folder.
TARGETS = (".", "checkpoints", "previews", "control", "lock", "asset", "..", "../worker.lock")


def delete(folder: Path) -> None:
    """Deletes a folder as a user does: again, if it is not empty because the worker has just written a file into it."""
    for _ in range(20):
        with suppress(OSError):
            shutil.rmtree(folder)
            return
    raise AssertionError(f"{folder} cannot be deleted: {list(folder.rglob('*'))}")


def test_a_deleted_job_does_not_come_back_and_the_next_one_runs(tmp_path: Path, start_worker: StartWorker) -> None:
    folder, waiting = add_job(tmp_path, steps=LONG), add_job(tmp_path)
    worker = start_worker(tmp_path)
    await_that("step 3", lambda: state_of(folder).step >= 3, worker)
    delete(folder)
    output, _ = worker.communicate(timeout=120)
    assert (worker.returncode, output) == (0, "")
    assert not folder.exists()
    assert state_of(waiting).status == states.DONE


def test_a_deleted_lock_ends_the_job_which_can_be_resumed(
    tmp_path: Path, start_worker: StartWorker, run_worker: RunWorker
) -> None:
    folder = add_job(tmp_path, steps=LONG)
    worker = start_worker(tmp_path)
    await_that("step 5", lambda: state_of(folder).step >= 5, worker)
    for name in ("previews", "checkpoints"):  # these are made again
        delete(folder / name)
    step = state_of(folder).step
    await_that("another preview", lambda: state_of(folder).step > step + 4, worker)
    (folder / "lock").unlink()
    output, _ = worker.communicate(timeout=120)
    assert (worker.returncode, output) == (0, "")
    state = state_of(folder)
    assert (state.status, state.error_code) == (states.FAILED, "files")
    assert state.error == "The job's lock file was deleted while it ran. Resume the job."
    shorten(folder, state.step + 2)
    request_control(folder, "resume")
    run_worker(tmp_path)
    assert state_of(folder).status == states.DONE


@pytest.mark.faults
@pytest.mark.slow
def test_deletions_at_random_moments(
    tmp_path: Path, start_worker: StartWorker, run_worker: RunWorker, figure: Record
) -> None:
    random.seed(2)
    whole_s = _seconds_of_a_job(tmp_path / "first", run_worker)
    ghosts, unclear, stuck = [], [], []
    for number in range(ROUNDS):
        jobs, target = tmp_path / f"jobs{number}", TARGETS[number % len(TARGETS)]
        folder, waiting = add_job(jobs, steps=10), add_job(jobs, steps=1)
        worker = start_worker(jobs)
        time.sleep(random.uniform(0.2 * whole_s, whole_s))
        path = Path(os.path.normpath(folder / target))
        subprocess.run(["rm", "-rf", path], check=False, capture_output=True)
        output, _ = worker.communicate(timeout=240)
        what = (target, worker.returncode, output)
        if target in (".", "..") and path.exists():
            ghosts.append((what, sorted(str(p) for p in path.rglob("*"))))
        if target not in (".", ".."):
            state = state_of(folder)
            is_clear = state.status == states.DONE or (state.status == states.FAILED and state.error_code == "files")
            if not is_clear or "Unexpected" in state.error:
                unclear.append((what, state.status, state.error))
        if "Traceback" in output:
            unclear.append((what, "", ""))
        if target != ".." and state_of(waiting).status != states.DONE:
            stuck.append((what, state_of(waiting)))
        shutil.rmtree(jobs, ignore_errors=True)
    print(ghosts, unclear, stuck, sep="\n")
    figure("deletions under a job, moments", ROUNDS, at_least=ROUNDS)
    figure("deletions under a job, folders that came back", len(ghosts), at_most=0)
    figure("deletions under a job, ends without a clear reason", len(unclear), at_most=0)
    figure("deletions under a job, next jobs that did not run", len(stuck), at_most=0)


@pytest.mark.faults
@pytest.mark.slow
def test_two_workers_never_have_one_job(
    tmp_path: Path, start_worker: StartWorker, run_worker: RunWorker, figure: Record
) -> None:
    """Both locks are deleted and a client resumes the job, while its worker still runs."""
    random.seed(3)
    whole_s = _seconds_of_a_job(tmp_path / "first", run_worker)
    mixed, taken_over = [], 0
    for number in range(OVERLAPS):
        folder = add_job(tmp_path / f"jobs{number}", steps=10)
        first = start_worker(folder.parent)
        time.sleep(random.uniform(0.2 * whole_s, whole_s))
        for lock in (folder.parent / "worker.lock", folder / "lock"):
            lock.unlink(missing_ok=True)
        request_control(folder, "resume")
        second = start_worker(folder.parent)
        ends = [(worker.communicate(timeout=240)[0], worker.returncode) for worker in (first, second)]
        events, hellos = read_events(folder), [n for n, kind in enumerate(kinds(folder)) if kind == "hello"]
        taken_over += len(hellos) > 1
        numbers = [event["n"] for event in events[hellos[-1] :]]
        is_sole = numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        if not is_sole or state_of(folder).status != states.DONE or any(output for output, _ in ends):
            mixed.append((ends, events[hellos[-1] :], state_of(folder)))
    print(mixed)
    figure("locks deleted, jobs that a second worker took over", taken_over, at_least=OVERLAPS // 2)
    figure("locks deleted, jobs with events of two workers or without an end", len(mixed), at_most=0)


def _seconds_of_a_job(jobs: Path, run_worker: RunWorker) -> float:
    folder = add_job(jobs, steps=10)
    started = time.monotonic()
    assert run_worker(jobs) == ""
    assert state_of(folder).status == states.DONE
    return time.monotonic() - started
