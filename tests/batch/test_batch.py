"""A batch on a small real Ray cluster on this computer."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from backend.batch.driver import Driver, Limits
from backend.batch.requests import Recipe, create_jobs, requests_of
from backend.batch.start import Resources, owned, run_jobs
from backend.batch.status import BatchStatus, read_status
from backend.jobs import states
from backend.jobs.folder import list_jobs
from backend.optimize import checkpoint
from tests.worker.small_jobs import PATIENCE_S, SMALL, await_that, kinds, read_events, state_of


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


@pytest.mark.slow
def test_ctrl_c_saves_the_jobs_and_the_same_command_continues(tmp_path: Path, repo: Path) -> None:
    (tmp_path / "list.txt").write_text("a red mug\na green tree\n")
    jobs = tmp_path / "jobs"
    settings = [
        part
        for name, value in {**SMALL, "optimizer.steps": 60, "output.checkpoint_every": 1000}.items()
        for part in ("--set", f"{name}={json.dumps(value)}")
    ]
    command = [sys.executable, "-m", "backend", "batch", str(tmp_path / "list.txt"), "--output", str(jobs)]
    command += ["--device", "cpu", "--workers", "1", *settings]

    def start() -> subprocess.Popen[str]:
        return subprocess.Popen(
            command, cwd=repo, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        )

    driver = start()
    await_that("step 5", lambda: any(state_of(folder).step >= 5 for folder in list_jobs(jobs)), driver)
    os.killpg(driver.pid, signal.SIGINT)  # as a terminal does
    output, errors = driver.communicate(timeout=PATIENCE_S)
    assert driver.returncode == 1
    assert "Stopping. Running jobs save their progress." in output
    assert errors == "Stopped with 2 jobs left. The same command continues.\n"
    (folder,) = [folder for folder in list_jobs(jobs) if kinds(folder)]
    assert state_of(folder).status == states.CANCELLED
    saved = checkpoint.load_latest(folder / "checkpoints")
    assert saved is not None
    assert saved[0] >= 5
    count = len(read_events(folder))
    driver = start()
    output, errors = driver.communicate(timeout=2 * PATIENCE_S)
    assert (driver.returncode, errors) == (0, "")
    assert output.splitlines()[-1] == f"Jobs: {jobs}: 2 of 2 done"
    steps = [
        event["step"] for event in read_events(folder)[count:] if event.get("phase") == "optimising" and "step" in event
    ]
    assert min(steps) >= saved[0]
    again = start()
    output, errors = again.communicate(timeout=PATIENCE_S)
    assert (again.returncode, output) == (0, f"Jobs: {jobs}: 2 of 2 done\n")
