"""Counts the jobs without an object, over all kinds of objects and colors of the built-in model.

With a folder in the variable TWO_HUNDRED_JOBS, an interrupted test continues there.
"""

from __future__ import annotations

import os
from itertools import cycle
from pathlib import Path

import pytest

from backend.catalog.lookup import BUILTIN_FOLDER
from backend.jobs.folder import create_job_folder, list_jobs, request_control
from backend.jobs.request import new_job
from backend.jobs.states import DIED, DONE, read_state
from backend.prompts.vocabulary import Vocabulary
from backend.worker.recovery import FILE
from tests.figures import Record
from tests.worker.small_jobs import StartWorker

JOBS, WORKERS = 200, 2
# The fast preset until the shape is found: the steps with the highest rates and the strongest guidance. A coarse mesh and
# a small texture save time.
SHORT = {
    "optimizer.steps": 120,
    "mesh.resolution": 64,
    "mesh.texture_px": 256,
    "mesh.normal_px": 0,
    "output.turntable": False,
}


def add_jobs(folders: list[Path], count: int) -> None:
    words = Vocabulary.read(BUILTIN_FOLDER)
    prompts = zip(cycle(words.colors), cycle(words.kinds), cycle(folders), range(count), strict=False)
    for color, kind, folder, seed in prompts:
        create_job_folder(folder, new_job(f"a {color} {kind}", seed=seed, device="cpu", overrides=SHORT))


@pytest.mark.faults
def test_jobs_diverge_or_end_empty_in_less_than_a_percent(
    tmp_path: Path, start_worker: StartWorker, figure: Record
) -> None:
    folders = [Path(os.environ.get("TWO_HUNDRED_JOBS", tmp_path)) / str(number) for number in range(WORKERS)]
    if not any(map(list_jobs, folders)):
        add_jobs(folders, JOBS)
    for job in (job for folder in folders for job in list_jobs(folder) if read_state(job).status == DIED):
        request_control(job, "resume")
    for worker in [start_worker(folder) for folder in folders]:
        worker.communicate()
    count(folders, figure)


def count(folders: list[Path], figure: Record) -> None:
    jobs = [job for folder in folders for job in list_jobs(folder)]
    states = {job: read_state(job) for job in jobs}
    failed = {job.name: state.error for job, state in states.items() if state.status != DONE}
    print(*failed.items(), sep="\n")
    figure("jobs with another seed after an empty, full or diverged run", sum((job / FILE).exists() for job in jobs))
    figure("jobs without an object, share", len(failed) / len(jobs), "", at_most=0.01)
