"""The process on a machine that runs jobs one after the other, with the built-in model loaded. An actor of Ray.

This module imports Ray: import it only when a batch starts.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ray

from .. import libraries
from ..devices import limit_cores
from ..worker.stop import StopFlag
from .need import ModelNeed, Need, model_need
from .single import BUSY, Outcome, run_single

if TYPE_CHECKING:
    from ..config.settings import Settings


class Worker:
    """Runs jobs. `stop` is called while `run` runs, so the actor has two threads."""

    def __init__(self, cores: int) -> None:
        libraries.configure()
        limit_cores(cores)
        self._stop = StopFlag()
        self._stop.is_installed = True  # the process runs jobs only: the watchdog may end it
        self._is_running = threading.Lock()

    def run(self, folder: str) -> Outcome:
        """Runs a job to its end. See `run_single`."""
        # After a broken connection, the driver may believe that an earlier call has ended.
        if not self._is_running.acquire(blocking=False):
            return Outcome(BUSY)
        try:
            return run_single(Path(folder), self._stop)
        finally:
            self._is_running.release()

    def stop(self) -> None:
        """The job that runs saves its progress and ends."""
        self._stop.is_set = True

    def process_id(self) -> int:
        return os.getpid()


def start(need: Need) -> Any:
    """Starts a worker where the cluster has room, now or later. Ray starts it again when its process or its machine is lost."""
    actor = ray.remote(Worker).options(**need.options(), max_restarts=-1, max_concurrency=2)
    return actor.remote(max(1, int(need.cpus)))


def measure(prior: str, settings: Settings, device: str, has_gpus: bool) -> ModelNeed:
    """The need of a model on a machine of the cluster, with a GPU if there is any. See `model_need`.

    Raises:
        UserError: the model or the device is not available there.
    """
    task = ray.remote(model_need).options(num_gpus=1 if has_gpus else 0)
    try:
        found: ModelNeed = ray.get(task.remote(prior, settings, device))
    except ray.exceptions.RayTaskError as error:
        raise error.cause from error
    return found
