"""Fixtures that run workers as clients do: as separate processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.worker.small_jobs import PATIENCE_S, RunWorker, StartModule, StartWorker


@pytest.fixture
def start_module() -> Iterator[StartModule]:
    """Returns a function that starts a module in a folder. Processes that still run after the test are killed."""
    running: list[subprocess.Popen[str]] = []

    def start(folder: Path, *arguments: str, python: Path = Path(sys.executable)) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [python, "-m", *arguments],
            cwd=folder,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        running.append(process)
        return process

    yield start
    for process in running:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


@pytest.fixture
def start_worker(repo: Path, start_module: StartModule, warm_python: Path) -> StartWorker:
    """Returns a function that starts a worker on a jobs folder: a fork, or a fresh process of the given program."""

    def start(jobs: Path, *program: str) -> subprocess.Popen[str]:
        if program:
            return start_module(repo, *program, str(jobs))
        return start_module(repo, "backend", "work", str(jobs), python=warm_python)

    return start


@pytest.fixture
def run_worker(start_worker: StartWorker) -> RunWorker:
    """Returns a function that runs a worker until it exits, and returns its output outside of job logs."""

    def run(jobs: Path) -> str:
        process = start_worker(jobs)
        output, _ = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0, output
        return output

    return run
