"""Jobs written by version 0.1.0 (`tests/data/jobs-0.1.0`). It named the settings group `optimizer` `optimiser`.

One job is done. The other was killed at step 7 of 12, with a checkpoint at step 6.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from backend.jobs import states
from backend.jobs.events import EventReader
from backend.jobs.folder import list_jobs, read_job, request_control
from backend.jobs.states import read_state

TIMEOUT_S = 240.0  # for a busy computer


@pytest.fixture
def jobs(tmp_path: Path, repo: Path) -> Path:
    """A copy of the jobs folder."""
    return Path(shutil.copytree(repo / "tests" / "data" / "jobs-0.1.0", tmp_path / "jobs"))


def test_its_jobs_are_read(jobs: Path) -> None:
    done, killed = list_jobs(jobs)
    assert [read_job(folder).prompt for folder in (done, killed)] == ["a blue mug", "a red mushroom"]
    state = read_state(done)
    assert (state.status, state.mesh, state.report["faces"]) == (states.DONE, "asset/mesh.glb", 300)
    state = read_state(killed)
    assert (state.status, state.step, state.total) == (states.DIED, 7, 12)


def test_its_interrupted_job_resumes(jobs: Path, repo: Path, warm_python: Path) -> None:
    _, folder = list_jobs(jobs)
    old_events = len(events_of(folder))
    request_control(folder, "resume")
    command = [warm_python, "-m", "backend", "work", str(jobs)]
    subprocess.run(command, cwd=repo, check=True, timeout=TIMEOUT_S)
    state = read_state(folder)
    assert (state.status, state.warnings) == (states.DONE, ())
    assert (folder / state.mesh).is_file()
    events = events_of(folder)[old_events:]
    steps = [e["step"] for e in events if e["kind"] == "progress" and e["phase"] == "optimising"]
    assert min(steps) >= 7, "it restarted from the beginning"
    assert max(steps) == 12


def events_of(folder: Path) -> list[dict[str, object]]:
    reader, found = EventReader(folder), []
    while events := reader.read():
        found += events
    return found
