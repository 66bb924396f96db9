"""A real worker with a jobs folder that others have filled."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from backend.jobs.states import DONE, FAILED
from tests import figures
from tests.jobs import hostile
from tests.jobs.damage import snapshot
from tests.worker.small_jobs import RunWorker, add_job, state_of

pytestmark = [pytest.mark.faults, pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")]


def test_a_worker_runs_the_good_job_behind_all_the_bad_ones(
    tmp_path: Path, run_worker: RunWorker, figure: figures.Record
) -> None:
    jobs, outside = tmp_path / "jobs", tmp_path / "outside"
    bad = hostile.make(jobs, outside)
    good = add_job(jobs, "a red mushroom")
    before = snapshot(outside)
    output = run_worker(jobs)
    assert state_of(good).status == DONE, output
    assert snapshot(outside) == before
    assert hostile.STOLEN not in output
    for name in ("linked previews", "linked asset", "linked checkpoints", "linked controls"):
        state = state_of(bad[name])
        assert (state.status, state.error_code) == (FAILED, "files"), name
        assert "is a link to another place. Remove it" in state.error
    figure("bad folders before a good job that a worker has run", len(bad), "folders", at_least=20)
