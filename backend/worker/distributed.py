"""The worker under torchrun: rank 0 runs the jobs, the other ranks render their share of the views."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from ..devices import resolve_device, usable_cores
from ..jobs.folder import create_job_folder
from ..optimize import parallel
from . import queue
from .ranks import RankState

if TYPE_CHECKING:
    from ..jobs.request import JobRequest
    from ..optimize.scene import Scene
    from .stop import StopFlag


def work(jobs: Path, stop: StopFlag | None = None) -> None:
    """Runs all jobs in a folder, see `queue.work`. On CUDA each rank uses its own device; on the CPU they share the cores.

    Raises:
        UserError: see `queue.work`.
    """
    torch.set_num_threads(max(1, usable_cores() // int(os.environ["WORLD_SIZE"])))
    if parallel.init(resolve_device("auto")) == 0:
        try:
            queue.work(jobs, stop)
        finally:
            parallel.broadcast(None)
            parallel.shutdown()  # also after an error, because the other ranks wait
    else:
        while (found := parallel.receive()) is not None:
            _follow(found)
        parallel.shutdown()


def generate(jobs: Path, request: JobRequest, files: Mapping[str, bytes]) -> Path | None:
    """Adds a job to the folder and runs all jobs there. Returns the job's folder on rank 0, None on other ranks.

    Args:
        files: what the job works on, see `create_job_folder`.

    Raises:
        UserError: see `queue.work`.
    """
    is_first = int(os.environ.get("RANK", "0")) == 0
    folder = create_job_folder(jobs, request, files) if is_first else None
    work(jobs)
    return folder


def _follow(given: RankState) -> None:
    """Takes part in the steps of the worker's run."""
    # Imported late, because they take seconds.
    from ..guidance.distillation import avoided_texts
    from ..guidance.loader import open_prior
    from ..optimize.grid_scene import GridScene
    from ..optimize.loop import Optimization
    from ..paint.scene import PaintedScene

    request, settings = given.request, given.settings
    device = parallel.rank_device(resolve_device(request.device))
    g = settings.guidance
    control = g.control if request.mode == "texture" else None
    prior = open_prior(request.prior, device, g.picture_px, g.offload, g.dtype, g.loras, control)
    prior.prepare(request.prompt, *avoided_texts(g, request.negative_prompt))
    scene: Scene | None = None
    if given.surface is not None:
        scene = PaintedScene(given.surface, settings.paint, device, prior.depth_px)
    if given.grid is not None:
        scene = GridScene(settings.field, device, field=given.grid)
    run = Optimization(
        request.prompt, request.negative_prompt, request.seed, settings, prior, device, scene, given.reference
    )
    run.restore(given.tensors, given.facts)
    while parallel.receive():
        run.advance()
