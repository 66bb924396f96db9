"""A batch on a small real Ray cluster on this computer."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from backend.batch.driver import Driver, Limits
from backend.batch.requests import Recipe, create_jobs, requests_of
from backend.batch.start import Resources, owned, run_jobs
from backend.batch.status import BatchStatus, read_status
from tests.worker.small_jobs import SMALL, kinds, read_events, state_of


def test_jobs_of_a_killed_worker_continue(tmp_path: Path) -> None:
    recipe = Recipe(device="cpu", overrides={**SMALL, "optimizer.steps": 30})
    folders = create_jobs(tmp_path, requests_of(["a red mug", "a green tree", "a blue mug"], 1, recipe))
    killed: list[Path] = []

    def kill_one(driver: Driver, status: BatchStatus) -> None:
        for folder in driver.running if not killed and status.done == 1 else ():
            hello = next((event for event in read_events(folder) if event["kind"] == "hello"), None)
            if hello and state_of(folder).step > 2:
                os.kill(hello["pid"], signal.SIGKILL)
                killed.append(folder)

    with owned(tmp_path):
        status = run_jobs(tmp_path, folders, Resources(), Limits(workers=1), kill_one)
    assert (status.done, status.failed, status.left) == (3, 0, 0)
    (folder,) = killed
    assert kinds(folder).count("hello") == 2
    steps = [event["step"] for event in read_events(folder) if event.get("phase") == "optimising" and "step" in event]
    assert steps == sorted(steps)  # from the checkpoint, not from the start
    assert all(kinds(one).count("result") == 1 for one in folders)
    found = read_status(tmp_path)
    assert (found.done, found.total, found.is_driven) == (3, 3, False)
