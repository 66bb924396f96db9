"""Small real jobs: the built-in model with few steps at a low resolution."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from backend.jobs.events import EventReader
from backend.jobs.folder import create_job_folder
from backend.jobs.request import new_job
from backend.jobs.states import read_state

PATIENCE_S = 240.0  # timeout for a worker on a busy machine
# One thread keeps the order of sums, so that two runs are bit-identical.
SMALL: dict[str, Any] = {
    "field.levels": [8, 16],
    "field.start_density": 20.0,  # a solid initial blob, so that a few steps give a mesh
    "optimizer.steps": 4,
    "optimizer.render_px": 16,
    "optimizer.samples": 16,
    "optimizer.threads": 1,
    "output.preview_px": 32,
    "output.preview_every": 2,
    "output.checkpoint_every": 2,
    "output.turntable": False,
    "mesh.resolution": 24,
    "mesh.coarse_resolution": 24,
    "mesh.face_budget": 300,
    "mesh.texture_px": 64,
}


def add_job(jobs: Path, prompt: str = "a red mushroom", steps: int = 4, **options: Any) -> Path:
    """Adds a small job to the folder. Options are those of `new_job`; `overrides` extend `SMALL`."""
    overrides = {**SMALL, "optimizer.steps": steps, **options.pop("overrides", {})}
    request = new_job(prompt, overrides=overrides, device="cpu", **options)
    return create_job_folder(jobs, request)


def read_events(folder: Path) -> list[dict[str, Any]]:
    reader, found = EventReader(folder), []
    while events := reader.read():
        found += events
    return found


def kinds(folder: Path) -> list[str]:
    return [event["kind"] for event in read_events(folder)]


state_of = read_state


def await_that(what: str, check: Callable[[], bool], worker: subprocess.Popen[str] | None = None) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not check():
        assert time.monotonic() < deadline, f"timeout while waiting for {what}"
        assert worker is None or worker.poll() is None or check(), (
            f"the worker exited before {what}\n{worker.communicate()}"
        )
        time.sleep(0.02)


StartModule = Callable[..., subprocess.Popen[str]]
StartWorker = Callable[..., subprocess.Popen[str]]  # jobs folder; module and its arguments for a fresh process
RunWorker = Callable[[Path], str]
