"""Jobs folders with up to 5,000 ended jobs beside the one that runs."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from backend.worker.due import COST_FACTOR, DueJobs
from tests.addon import small
from tests.worker.small_jobs import SMALL, RunWorker, add_job, read_events

pytestmark = [pytest.mark.faults, pytest.mark.timing]


def test_the_turntable_does_not_wait_for_other_jobs(
    run_worker: RunWorker, tmp_path: Path, figure: Callable[..., None]
) -> None:
    took = {}
    for count in (10, 1000, 5000):
        jobs = tmp_path / str(count)
        small.many_jobs(jobs, count)
        folder = add_job(jobs, overrides={**SMALL, "output.turntable": True})
        run_worker(jobs)
        at = {event["kind"]: event["time"] for event in read_events(folder)}
        took[count] = at["turntable"] - at["bye"]
        figure(f"turntable, {count} jobs in the folder", took[count], "s")
    figure("turntable, 5,000 jobs instead of 10", took[5000] / took[10], "times", at_most=2.0)


def test_a_search_opens_each_ended_job_once(tmp_path: Path, figure: Callable[..., None]) -> None:
    small.many_jobs(tmp_path, 5000)
    due = DueJobs(tmp_path)
    for name, limit_s in (("first", 2.0), ("later", 0.5)):
        began = time.process_time()
        assert due.next() is None
        figure(
            f"worker's search for waiting jobs, 5,000 ended jobs, {name}",
            time.process_time() - began,
            "s",
            at_most=limit_s,
        )
    began, times = time.process_time(), []
    until = time.monotonic() + 10
    while time.monotonic() < until:
        assert not due.are_waiting()
        time.sleep(0.01)
        times.append(time.process_time())
    share = (times[-1] - began) / 10
    figure("share of a processor that a worker spends on 5,000 other jobs", 100 * share, "%", at_most=200 / COST_FACTOR)
