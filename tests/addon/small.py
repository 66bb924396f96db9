"""The smallest real job, and ways to wait for one."""

from __future__ import annotations

import time
from collections.abc import Callable

from dreamfusion_blender.backend import contract

from dreamfusion_blender.core.job import Job
from dreamfusion_blender.core.jobs import JobBoard

# Real from end to end, only little of everything.
OVERRIDES: dict[str, object] = {
    "field.levels": [8, 16],
    "field.start_density": 20.0,  # the first blob is solid: a few steps make nothing else
    "optimiser.steps": 4,
    "optimiser.render_px": 16,
    "optimiser.samples": 16,
    "optimiser.threads": 1,
    "output.preview_every": 1,
    "output.preview_px": 32,
    "output.checkpoint_every": 2,
    "output.turntable": False,
    "mesh.resolution": 24,
    "mesh.coarse_resolution": 24,
    "mesh.face_budget": 500,
    "mesh.texture_px": 64,
}
LONG_OVERRIDES = {**OVERRIDES, "optimiser.steps": 800}  # ends by itself if a test leaves it behind
PATIENCE_S = 420.0  # for machines that are busy with something else


def typed(overrides: dict[str, object]) -> str:
    """As one types them into the panel."""
    return ", ".join(f"{name}={str(value).lower()}" for name, value in overrides.items())


def request(prompt: str = "a red mushroom", overrides: dict[str, object] = OVERRIDES) -> contract.JobRequest:
    return contract.new_job(prompt, seed=1, overrides=overrides)


def tick_until(board: JobBoard, job: Job, reached: Callable[[Job], bool], patience_s: float = PATIENCE_S) -> list[str]:
    """Ticks until `reached`; the statuses seen on the way, each once."""
    seen: list[str] = []
    deadline = time.monotonic() + patience_s
    while True:
        board.tick()
        if not seen or seen[-1] != job.state.status:
            seen.append(job.state.status)
        if reached(job):
            return seen
        assert time.monotonic() < deadline, f"{job.state} after {patience_s} s; log: {_log(job)}"
        time.sleep(0.02)


def has_ended(job: Job) -> bool:
    return job.state.is_final


def _log(job: Job) -> str:
    files = (job.folder / "log.txt", job.folder.parent / "worker.log")
    return "\n".join(f.read_text(errors="replace")[-2000:] for f in files if f.exists())
