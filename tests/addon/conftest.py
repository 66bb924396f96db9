"""Fixtures: a board with a real worker, a finished job, and scripts that run in a real Blender."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from dreamfusion_blender.backend.errors import JobError
from dreamfusion_blender.backend.jobs.folder import list_jobs, request_control

from dreamfusion_blender.core.jobs import JobBoard
from tests.addon import small
from tests.shared import made_once

SCRIPTS = Path(__file__).parent / "in_blender" / "scripts"
RunInBlender = Callable[..., dict[str, Any]]


@pytest.fixture
def board(tmp_path: Path, warm_python: Path) -> Iterator[JobBoard]:
    """A board with an empty jobs folder. Its workers are stopped after the test."""
    made = JobBoard(tmp_path / "jobs", str(warm_python))
    yield made
    made.stop()


@pytest.fixture(scope="session")
def finished_job(backend_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a job finished by the real worker. Do not modify it; make a copy."""

    def make(folder: Path) -> None:
        board = JobBoard(folder / "jobs", str(backend_python))
        try:
            job = board.submit(small.request())
            small.tick_until(board, job, small.has_ended)
            assert job.state.status == "done", job.state
        finally:
            board.stop()

    (folder,) = list_jobs(made_once(tmp_path_factory, "finished", make) / "jobs")
    return folder


@pytest.fixture(scope="session")
def installed(blender_python: Path, built_zip: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Environment variables for a Blender in which the built zip is installed and enabled."""
    home = tmp_path_factory.mktemp("blender-user")
    environment = {"BLENDER_USER_RESOURCES": str(home), "HOME": str(home)}
    run_script(blender_python, "install.py", str(built_zip), environment=environment)
    return environment


@pytest.fixture(scope="session")
def run_in_folder(blender_python: Path, installed: dict[str, str]) -> RunInBlender:
    """Runs a script of `in_blender/scripts/` with the installed extension, with the user's home and jobs in a folder.

    For fixtures that several tests share; see also `run_in_blender`.
    """

    def run(folder: Path, script: str, *arguments: str, python: str = "", jobs: Path | None = None) -> dict[str, Any]:
        home = folder / "home"
        home.mkdir(exist_ok=True)
        environment = {
            **installed,
            "HOME": str(home),  # with the user's data folder: no test finds what another one has left there
            "DREAMFUSION_PYTHON": python,
            "DREAMFUSION_JOBS": str(jobs or folder / "jobs"),
        }
        return run_script(blender_python, script, *arguments, environment=environment)

    return run


@pytest.fixture
def run_in_blender(run_in_folder: RunInBlender, tmp_path: Path) -> Iterator[RunInBlender]:
    """Runs a script of `in_blender/scripts/` with the installed extension and returns its result."""
    folders: set[Path] = {tmp_path / "jobs"}

    def run(script: str, *arguments: str, python: str = "", jobs: Path | None = None) -> dict[str, Any]:
        folders.add(jobs or tmp_path / "jobs")
        return run_in_folder(tmp_path, script, *arguments, python=python, jobs=jobs)

    yield run
    for folder in folders:
        for job in list_jobs(folder):  # after a failed script, its worker is still running
            with suppress(JobError):
                request_control(job, "cancel")


def run_script(python: Path, script: str, *arguments: str, environment: dict[str, str]) -> dict[str, Any]:
    """Runs a script and parses the last line of its output that is a JSON object."""
    done = subprocess.run(
        [python, SCRIPTS / script, *arguments],
        env={**os.environ, **environment, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(SCRIPTS)},
        capture_output=True,
        text=True,
        timeout=small.PATIENCE_S,
    )
    output = f"{script}: {done.stdout[-3000:]}\n{done.stderr[-6000:]}"
    assert done.returncode == 0, output
    assert "Traceback" not in done.stderr, output  # includes unregistration at exit
    answer = json.loads(next(line for line in reversed(done.stdout.splitlines()) if line.startswith("{")))
    assert isinstance(answer, dict)
    return answer
