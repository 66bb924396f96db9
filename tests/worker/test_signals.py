"""Signals at any moment, several of them, and in any order: the job is kept and resumes to the same bits."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

import backend
from backend.jobs import states
from backend.jobs.folder import request_control
from backend.jobs.lock import is_locked
from tests.figures import Record
from tests.worker.small_jobs import RunWorker, StartWorker, add_job, await_that, kinds, state_of
from tests.worker.test_interrupted import LONG, assert_same_end

MOMENTS = 80
STORMS = (
    (signal.SIGTERM, signal.SIGTERM),
    (signal.SIGINT, signal.SIGTERM),
    (signal.SIGHUP, signal.SIGHUP),
    (signal.SIGTERM,) * 20,
)
WAITING = (states.QUEUED, states.CANCELLED)


def send(pid: int, signals: tuple[int, ...], gap_s: float) -> None:
    for number in signals:
        with suppress(ProcessLookupError):
            os.killpg(pid, number)
        time.sleep(gap_s)


def was_starting(output: str) -> bool:
    """Whether Python itself was interrupted, before it ran a line of the backend."""
    return "KeyboardInterrupt" in output and f"{Path(backend.__file__).parent}{os.sep}" not in output


def test_a_second_signal_does_not_interrupt_what_the_first_one_began(tmp_path: Path, start_worker: StartWorker) -> None:
    folder = add_job(tmp_path, steps=LONG)
    worker = start_worker(tmp_path)
    await_that("step 2", lambda: state_of(folder).step >= 2, worker)
    send(worker.pid, (signal.SIGHUP, signal.SIGTERM, signal.SIGINT) * 10, 0.01)
    output, _ = worker.communicate(timeout=60)
    assert (worker.returncode, output) == (0, "")
    assert state_of(folder).status == states.CANCELLED
    assert "Traceback" not in (folder / "log.txt").read_text()


@pytest.mark.faults
@pytest.mark.slow
def test_signals_at_random_moments(
    tmp_path: Path, start_worker: StartWorker, run_worker: RunWorker, figure: Record
) -> None:
    random.seed(1)
    reference = add_job(tmp_path / "reference", steps=10, seed=5)
    started = time.monotonic()
    assert run_worker(reference.parent) == ""
    whole_s = time.monotonic() - started
    assert state_of(reference).status == states.DONE

    phases: Counter[str] = Counter()
    completed, moments, lost = 0, 0, []
    while moments < MOMENTS:
        folder = add_job(tmp_path / "jobs", steps=10, seed=5)
        while state_of(folder).status != states.DONE:
            if state_of(folder).status != states.QUEUED:
                request_control(folder, "resume")
            worker = start_worker(folder.parent)
            time.sleep(random.uniform(0.0, whole_s))
            send(worker.pid, random.choice(STORMS), random.uniform(0.0, 0.02))
            output, _ = worker.communicate(timeout=240)
            status = worker.returncode
            state = state_of(folder)
            if state.status in WAITING:
                moments += 1
                phases[state.phase or "before the job"] += 1
            if was_starting(output):
                status, output = -signal.SIGINT, ""
            # A signal before the worker has installed its handlers kills it, before it takes a job.
            is_kept = status in (0, *(-number for number in (1, 2, 15))) and state.status in (*WAITING, states.DONE)
            log = (folder / "log.txt").read_text() if (folder / "log.txt").exists() else ""
            if not is_kept or "Traceback" in output + log or is_locked(folder / "lock") or [*folder.rglob("*.tmp")]:
                lost.append((status, state.status, state.error, output, log))
                break
        else:
            assert_same_end(folder, reference)
            completed += 1
            assert kinds(folder)[-1] == "bye"
        shutil.rmtree(folder)
    print(phases, lost)
    figure("signals at random moments, interruptions", moments, at_least=MOMENTS)
    figure("signals at random moments, jobs lost or damaged", len(lost), at_most=0)
    figure("signals at random moments, jobs completed with the same bits", completed, at_least=5)
    assert len(phases) >= 3, phases
