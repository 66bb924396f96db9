"""Several processes at one job, started by torchrun: the first is the worker, the others render their share of the views."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from ..devices import resolve_device, usable_cores
from ..jobs.folder import create_job_folder
from ..optimize import parallel
from .ranks import RankState

if TYPE_CHECKING:
    from ..jobs.request import JobRequest
    from .stop import StopFlag


def work(jobs: Path, stop: StopFlag | None = None) -> None:
    """As `queue.work`, with helpers. Each process has a device of its own on CUDA; on a processor they share the cores.

    Raises:
        UserError: see `queue.work`.
    """
    from . import queue

    torch.set_num_threads(max(1, usable_cores() // int(os.environ["WORLD_SIZE"])))
    if parallel.init(resolve_device("auto")) == 0:
        try:
            queue.work(jobs, stop)
        finally:
            parallel.broadcast(None)
            parallel.shutdown()  # also when it ends with an error: the others wait for it there
    else:
        while (found := parallel.receive()) is not None:
            _help(found)
        parallel.shutdown()


def generate(jobs: Path, request: JobRequest) -> Path | None:
    """Puts a job into the folder and works until that is empty; returns the job's folder in the first process.

    Raises:
        UserError: see `queue.work`.
    """
    is_first = int(os.environ.get("RANK", "0")) == 0
    folder = create_job_folder(jobs, request) if is_first else None
    work(jobs)
    return folder


def _help(given: RankState) -> None:
    from ..guidance.loader import open_prior
    from ..optimize.loop import Optimization

    request, settings = given.request, given.settings
    device = parallel.rank_device(resolve_device(request.device))
    g = settings.guidance
    prior = open_prior(request.prior, device, g.picture_px, g.offload, g.dtype)
    prior.prepare(request.prompt, request.negative_prompt)
    run = Optimization(request.prompt, request.negative_prompt, request.seed, settings, prior, device)
    run.restore(given.tensors, given.facts)
    while parallel.receive():
        run.advance()
