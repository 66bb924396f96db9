"""What a batch costs beside its jobs, and what a second worker brings."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import pytest

from backend.batch.driver import Limits
from backend.batch.requests import Recipe, create_jobs, requests_of
from backend.batch.single import run_single
from backend.batch.start import Resources, owned, run_jobs
from backend.worker.stop import StopFlag
from tests.figures import Record
from tests.worker.small_jobs import SMALL, read_events

pytestmark = [pytest.mark.slow, pytest.mark.timing]
JOBS = int(os.environ.get("BATCH_JOBS", "16"))


def make(jobs: Path) -> list[Path]:
    prompts = [f"a red mug number {number}" for number in range(JOBS)]
    overrides = {**SMALL, "optimizer.steps": 8}
    return create_jobs(jobs, requests_of(prompts, 1, Recipe(device="cpu", overrides=overrides)))


def spans(folders: list[Path]) -> list[tuple[float, float]]:
    """The seconds of `hello` and `bye` of each job, in the order of `bye`."""
    events = [{event["kind"]: event["time"] for event in read_events(folder)} for folder in folders]
    return sorted(((at["hello"], at["bye"]) for at in events), key=lambda span: span[1])


def gap_s(found: list[tuple[float, float]]) -> float:
    """Mean seconds from the end of a job to the start of the next one."""
    return sum(later[0] - earlier[1] for earlier, later in pairwise(found)) / (len(found) - 1)


def mean_s(found: list[tuple[float, float]]) -> float:
    """Mean seconds of the jobs after the first, which loads the model."""
    return sum(bye - hello for hello, bye in found[1:]) / (len(found) - 1)


def run(folders: list[Path], workers: int) -> list[tuple[float, float]]:
    jobs = folders[0].parent
    with owned(jobs):
        status = run_jobs(jobs, folders, Resources(), Limits(workers), lambda driver, status: None)
    assert status.done == len(folders)
    return spans(folders)


def test_overhead_of_a_warm_worker(tmp_path: Path, figure: Record) -> None:
    alone = make(tmp_path / "alone")
    for folder in alone:
        run_single(folder, StopFlag())
    before, after = spans(alone), run(make(tmp_path / "one"), 1)
    figure("load of the computer", os.getloadavg()[0])
    figure("job without a batch", mean_s(before), "s")
    figure("job of a warm worker", mean_s(after), "s")
    figure("between two jobs, without a batch", gap_s(before), "s")
    figure("overhead of a batch per job", gap_s(after) - gap_s(before), "s", at_most=0.3)


def test_two_workers_instead_of_one(tmp_path: Path, figure: Record) -> None:
    rates = []
    for workers in (1, 2):
        found = run(make(tmp_path / str(workers)), workers)
        began = found[workers - 1][1]  # the first job of each worker loads the model
        rates.append((len(found) - workers) / (found[-1][1] - began))
    # Until one worker has no job left: how long the last but one job ends before the last depends on chance.
    busy_s = sum(min(bye, found[-2][1]) - max(hello, began) for hello, bye in found if bye > began)
    figure("share of the time in which both workers have a job", 100 * busy_s / 2 / (found[-2][1] - began), "%")
    figure("load of the computer", os.getloadavg()[0])
    figure("two workers instead of one", rates[1] / rates[0], "times", at_least=1.7)
