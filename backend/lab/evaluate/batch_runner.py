"""Runs the jobs of an evaluation on the machines of a Ray cluster. See `batch`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ...batch.driver import Driver, Limits
from ...batch.start import Resources, owned, run_jobs
from ...batch.status import BatchStatus
from ...errors import UserError
from ...interrupts import Interrupts
from ...jobs.states import read_state
from .job_runner import JobRecipe, has_ended, prepare_all
from .progress_bar import ProgressBar


def run_all_to_end(jobs: Path, runs: Sequence[tuple[str, int]], recipe: JobRecipe, resources: Resources) -> None:
    """Runs the jobs for pairs of a prompt and a seed that have not ended. See `job_runner.run_to_end`.

    Raises:
        UserError: interrupted, or the cluster cannot run jobs.
    """
    with owned(jobs):
        folders = prepare_all(jobs, runs, recipe)
        left = [folder for folder in folders if not has_ended(read_state(folder))]
        if not left:
            return
        ended = len(folders) - len(left)
        interrupts = Interrupts()
        with ProgressBar("Object", len(folders)) as progress:

            def show(driver: Driver, status: BatchStatus) -> None:
                progress.update(ended + status.done + status.failed, driver.note or f"{status.running} running")
                if interrupts.are_new():
                    driver.stop()

            try:
                status = run_jobs(jobs, left, resources, Limits(), show)
            finally:
                interrupts.restore_handlers()
    if status.left or status.canceled:
        raise UserError(
            f"Stopped with {status.left + status.canceled} jobs left. The same command continues.", "cancelled"
        )
