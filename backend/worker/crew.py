"""Several processes at one job, started by torchrun: the first is the worker, the others render their share of each step's views
as on the paper's four chips."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from .. import contract
from ..devices import is_crew, resolve_device, usable_cores
from ..optimise import parallel

if TYPE_CHECKING:
    from torch import Tensor

    from ..contract import JobRequest
    from ..optimise.loop import Optimisation
    from ..settings import Settings
    from .stop import StopFlag


@dataclass(frozen=True)
class _Work:
    """What a helper needs to stand where the worker stands."""

    request: JobRequest
    settings: Settings
    tensors: dict[str, Tensor]
    facts: dict[str, Any]


@contextmanager
def helped(request: JobRequest, settings: Settings, run: Optimisation) -> Iterator[None]:
    """Inside of it the helpers, if there are any, stand where `run` stands and wait for `advance`."""
    if is_crew():
        tensors, facts = run.state()
        # With a preset's prefix, and its negative prompt where the job has none.
        request = replace(request, prompt=run.prompt, negative_prompt=run.negative_prompt)
        parallel.tell(_Work(request, settings, {name: tensor.cpu() for name, tensor in tensors.items()}, facts))
    try:
        yield
    finally:
        parallel.tell(False)


def advance(run: Optimisation) -> float:
    """One step of all together; see `Optimisation.advance`."""
    parallel.tell(True)
    try:
        return run.advance()
    except BaseException:
        parallel.dissolve()  # nobody knows any more who waits for what
        raise


def work(jobs: Path, stop: StopFlag | None = None) -> None:
    """As `queue.work`, with helpers. Each process has a device of its own on CUDA; on a processor they share the cores.

    Raises:
        UserError: see `queue.work`.
    """
    from . import queue

    torch.set_num_threads(max(1, usable_cores() // int(os.environ["WORLD_SIZE"])))
    if parallel.join(resolve_device("auto")) == 0:
        try:
            queue.work(jobs, stop)
        finally:
            parallel.tell(None)
            parallel.part()  # also when it ends with an error: the others wait for it there
    else:
        while (found := parallel.hear()) is not None:
            _help(found)
        parallel.part()


def generate(jobs: Path, request: JobRequest) -> Path | None:
    """Puts a job into the folder and works until that is empty; returns the job's folder in the first process.

    Raises:
        UserError: see `queue.work`.
    """
    is_first = int(os.environ.get("RANK", "0")) == 0
    folder = contract.create_job_folder(jobs, request) if is_first else None
    work(jobs)
    return folder


def _help(given: _Work) -> None:
    from ..guidance.loader import open_prior
    from ..optimise.loop import Optimisation

    request, settings = given.request, given.settings
    device = parallel.own_device(resolve_device(request.device))
    g = settings.guidance
    prior = open_prior(request.prior, device, g.picture_px, g.offload, g.dtype)
    prior.prepare(request.prompt, request.negative_prompt)
    run = Optimisation(request.prompt, request.negative_prompt, request.seed, settings, prior, device)
    run.restore(given.tensors, given.facts)
    while parallel.hear():
        run.advance()
