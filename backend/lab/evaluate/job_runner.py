"""Jobs for an evaluation: found again or run to their end in this process, by the worker's own code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import JobError
from ...jobs.folder import create_job_folder, list_jobs, read_job, request_control
from ...jobs.request import clean_prompt, new_job
from ...jobs.states import DONE, FAILED, JobState, read_state
from . import fingerprint
from .result_log import check_settings

if TYPE_CHECKING:
    from ...config.settings import Settings
    from ...optimize.loop import Optimization


@dataclass(frozen=True)
class JobRecipe:
    """Everything that a job's result depends on, but for its prompt and seed."""

    preset: str = "fast"
    prior: str = "builtin"
    device: str = "auto"
    overrides: Mapping[str, Any] = field(default_factory=dict)

    def overrides_of_job(self) -> dict[str, Any]:
        return {"output.turntable": False, **self.overrides}


def check_recipe(jobs: Path, recipe: JobRecipe) -> None:
    """Notes in the jobs folder how its objects are made, so that those of another recipe or of other weights never come between.

    Raises:
        UserError: it holds others.
    """
    check_settings(jobs, asdict(recipe) | {"weights": fingerprint.prior(recipe.prior)}, ("device",))


def has_ended(state: JobState) -> bool:
    """With an asset, or with an error that a second try would meet again."""
    return state.status in (DONE, FAILED)


def run_to_end(jobs: Path, prompt: str, seed: int, recipe: JobRecipe) -> Path:
    """The folder of the job that was asked for in this way before, else of a new one; either way it has ended.

    Raises:
        KeyboardInterrupt: it was interrupted; the next call goes on from its last checkpoint.
        JobError, OSError: the jobs folder cannot be written, or another worker is at the job.
    """
    from ...worker.job import run_job
    from ...worker.stop import StopFlag

    jobs.mkdir(parents=True, exist_ok=True)
    folder = _find(jobs, prompt, seed, recipe)
    if folder is None:
        request = new_job(
            prompt,
            seed=seed,
            preset=recipe.preset,
            prior=recipe.prior,
            device=recipe.device,
            overrides=recipe.overrides_of_job(),
            origin={"client": "evaluate"},
        )
        folder = create_job_folder(jobs, request)
    if not has_ended(read_state(folder)):
        request_control(folder, "resume")
        stop = StopFlag()
        run_job(folder, stop, lambda: True)
        if stop.is_set:
            raise KeyboardInterrupt
        if not has_ended(read_state(folder)):
            raise JobError(f"The job {folder} is in the hands of another worker: try again when that is done.")
    return folder


def _find(jobs: Path, prompt: str, seed: int, recipe: JobRecipe) -> Path | None:
    wanted = (clean_prompt(prompt), seed, recipe.preset, recipe.prior, recipe.overrides_of_job())
    for folder in list_jobs(jobs):
        try:
            request = read_job(folder)
        except JobError:
            continue
        if wanted == (request.prompt, request.seed, request.preset, request.prior, dict(request.overrides)):
            return folder
    return None


class _NoEvents:
    """Takes what a stage would tell a client: looking at a finished job shall leave its folder as it is."""

    def __call__(self, kind: str, **facts: Any) -> None:
        pass


def reload(folder: Path) -> tuple[Settings, Optimization]:
    """The settings and the optimization of a job as its last checkpoint has them; nothing in the folder changes.

    Raises:
        UserError: its prior or settings cannot be read.
    """
    from ...devices import resolve_device
    from ...worker.running import RunningJob
    from ...worker.stages import load
    from ...worker.stop import StopFlag

    request = read_job(folder)
    job = RunningJob(folder, request, _NoEvents(), StopFlag(), resolve_device(request.device))  # type: ignore[arg-type]
    return load(job)
