"""A worker that runs hundreds of jobs does not grow."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import psutil
import pytest
from numpy.typing import NDArray

from backend.jobs import states
from backend.jobs.events import EventReader
from tests.figures import Record
from tests.worker.small_jobs import StartWorker, add_job, await_that, state_of

JOBS = 500
WARM_UP = 50  # jobs until caches and allocators have settled
TINY = {"field.levels": [8], "mesh.resolution": 16, "mesh.coarse_resolution": 16}


def slope_of(sizes: NDArray[np.int64]) -> float:
    """Growth in KiB for each sample."""
    return float(np.polyfit(np.arange(len(sizes)), sizes, 1)[0]) / 1024


@pytest.mark.faults
@pytest.mark.slow
def test_500_jobs_leave_the_worker_as_it_was(tmp_path: Path, start_worker: StartWorker, figure: Record) -> None:
    folders = [add_job(tmp_path, steps=1, seed=number, overrides=TINY) for number in range(JOBS)]
    process = start_worker(tmp_path, "backend", "work")
    worker, samples = psutil.Process(process.pid), []
    for folder in folders[1:]:
        await_that(f"the start of {folder.name}", lambda folder=folder: bool(EventReader(folder).read(1)), process)
        samples.append((worker.memory_info().rss, worker.num_fds(), worker.num_threads()))
    output, _ = process.communicate(timeout=120)
    assert (process.returncode, output) == (0, "")
    assert {state_of(folder).status for folder in folders} == {states.DONE}
    rss, files, threads = np.array(samples[WARM_UP:]).T
    # The allocator takes some MB at once, once or twice in 500 jobs. What each job leaves raises every quarter.
    least = min(slope_of(quarter) for quarter in np.array_split(rss, 4))
    figure("worker, memory per job over 500 jobs", slope_of(rss), "KiB", at_most=64)
    figure("worker, memory per job, in the quarter with the least growth", least, "KiB", at_most=8)
    figure("worker, open files after 500 jobs, growth", int(files[-10:].min() - files[:10].min()), at_most=0)
    figure("worker, threads after 500 jobs, growth", int(threads[-10:].min() - threads[:10].min()), at_most=0)
