"""Runs a batch from its jobs to their ends: one driver for each jobs folder, with the output of Ray in its log."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from math import floor
from pathlib import Path
from typing import TYPE_CHECKING

from ..catalog.lookup import BUILTIN
from ..config.lookup import settings_for
from ..errors import UserError
from ..jobs import states
from ..jobs.folder import read_job
from ..jobs.follow import present_state
from ..jobs.lock import FolderLock
from . import control
from .cluster import Cluster
from .driver import Driver, Limits
from .need import WORKER_BYTES, ModelNeed, Need
from .status import BatchStatus

if TYPE_CHECKING:
    from ..jobs.request import JobRequest


@dataclass(frozen=True)
class Resources:
    """Where and how a batch runs.

    Args:
        address: of a Ray cluster, see `Cluster`.
        cpus: of a worker.
        gpus: of a worker; None for the share that the model needs, if there are GPUs.
        memory: bytes of main memory of a worker; 0 for an estimate.
    """

    address: str = ""
    cpus: float = 1.0
    gpus: float | None = None
    memory: int = 0


@contextmanager
def owned(jobs: Path) -> Iterator[None]:
    """Makes this process the driver of a jobs folder, which is created if necessary.

    Raises:
        UserError: Another driver is running, or the folder cannot be written.
    """
    try:
        jobs.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            f"Cannot create the jobs folder {jobs}: {error.strerror}. Choose another one.", "jobs"
        ) from error
    lock = FolderLock(jobs.absolute() / control.LOCK)
    if not lock.acquire():
        raise UserError(
            f"Another batch is running in {jobs}. See 'batch status {jobs}', or wait until it ends.", "jobs"
        )
    try:
        yield
    finally:
        lock.release()


def run_jobs(
    jobs: Path,
    folders: Sequence[Path],
    resources: Resources,
    limits: Limits,
    show: Callable[[Driver, BatchStatus], None],
    on_done: Callable[[Path], None] = lambda _folder: None,
) -> BatchStatus:
    """Runs the jobs in these folders that are not done to their ends on the machines of a Ray cluster. Call it within `owned`.

    Args:
        show: called several times a second; may stop the driver.
        on_done: called with the folder of each job that is done, or was done before.

    Raises:
        UserError: Ray is not installed, no worker can be started, or the model is not available.
    """
    jobs, folders = jobs.absolute(), [folder.absolute() for folder in folders]  # workers run in another folder
    (jobs / control.PAUSE).unlink(missing_ok=True)
    left = [folder for folder in folders if present_state(folder).status != states.DONE]
    done = len(folders) - len(left)
    for folder in folders:
        if folder not in left:
            on_done(folder)
    if not left:
        return BatchStatus(done=done)
    for folder in left:
        control.withdraw_all(folder)
    with (
        open(jobs / control.LOG, "a", encoding="utf-8", buffering=1) as log,
        redirect_stdout(log),
        redirect_stderr(log),
        Cluster(resources.address) as cluster,
    ):
        from . import worker  # imports Ray

        need = _need(read_job(left[0]), resources, cluster)
        driver = Driver(jobs, left, cluster, lambda: worker.start(need), need, limits, done, on_done)
        try:
            return driver.run(lambda status: show(driver, status))
        except (cluster.ray.exceptions.RayError, ConnectionError) as error:
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:200].rstrip(".")
            raise UserError(
                f"The connection to Ray was lost ({reason}). The same command continues the batch."
            ) from error


def _need(request: JobRequest, resources: Resources, cluster: Cluster) -> Need:
    """What a worker needs for jobs like this one."""
    from . import worker

    need = Need(resources.cpus, resources.gpus or 0.0, resources.memory or WORKER_BYTES)
    has_gpus = request.device != "cpu" and cluster.has_gpus()
    model = ModelNeed()
    if request.prior != BUILTIN:
        settings = settings_for(request.preset, request.overrides, request.mode)
        model = worker.measure(request.prior, settings, request.device, has_gpus)
    if not resources.memory:
        need = replace(need, memory=WORKER_BYTES + model.main)
    if resources.gpus is None and has_gpus:
        need = replace(need, gpus=floor(1e4 / model.workers_per_gpu) / 1e4)  # Ray rounds to four digits
    return need
