"""Runs jobs for an evaluation in this process, or finds those of an earlier run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import JobError
from ...jobs.folder import create_job_folder, list_jobs, read_job, request_control
from ...jobs.request import IMAGE, clean_prompt, new_job
from ...jobs.states import DONE, FAILED, JobState, read_state
from . import fingerprint
from .result_log import check_settings

if TYPE_CHECKING:
    from ...config.settings import Settings
    from ...optimize.loop import Optimization


@dataclass(frozen=True)
class JobRecipe:
    """Everything that the result of a job depends on, except the prompt and the seed."""

    preset: str = "fast"
    prior: str = "builtin"
    device: str = "auto"
    overrides: Mapping[str, Any] = field(default_factory=dict)
    mode: str = "generate"

    def overrides_of_job(self) -> dict[str, Any]:
        """The overrides in job.json."""
        return {"output.turntable": False, **self.overrides}


def check_recipe(jobs: Path, recipe: JobRecipe) -> None:
    """Writes the recipe to the jobs folder, so that it cannot be mixed with jobs of another recipe or other weights.

    Raises:
        UserError: the folder belongs to another recipe or other weights.
    """
    check_settings(jobs, asdict(recipe) | {"weights": fingerprint.prior(recipe.prior)}, ("device", "mode"))


def has_ended(state: JobState) -> bool:
    """Whether the job is done or has failed; failures would repeat."""
    return state.status in (DONE, FAILED)


def run_to_end(jobs: Path, prompt: str, seed: int, recipe: JobRecipe, files: Mapping[str, bytes] | None = None) -> Path:
    """Runs a job, or finds an existing one with the same prompt, seed and recipe. Returns its folder once it has ended.

    Args:
        files: what the job works on, see `create_job_folder`.

    Raises:
        KeyboardInterrupt: the job was interrupted. The next call resumes it from its last checkpoint.
        JobError, OSError: the jobs folder cannot be written, or another worker is running the job.
    """
    from ...worker.job import run_job
    from ...worker.stop import StopFlag

    jobs.mkdir(parents=True, exist_ok=True)
    folder = _find(jobs, recipe).get((clean_prompt(prompt), seed)) or _create(jobs, prompt, seed, recipe, files)
    if not has_ended(read_state(folder)):
        request_control(folder, "resume")
        stop = StopFlag()
        run_job(folder, stop, lambda: True)
        if stop.is_set:
            raise KeyboardInterrupt
        if not has_ended(read_state(folder)):
            raise JobError(f"Another worker is running the job {folder}. Try again when it has finished.")
    return folder


def prepare_all(jobs: Path, runs: Sequence[tuple[str, int]], recipe: JobRecipe) -> list[Path]:
    """The folders of the jobs for pairs of a prompt and a seed. Creates those that do not exist.

    Raises:
        JobError: the jobs folder cannot be written.
    """
    found = _find(jobs, recipe)
    return [found.get((clean_prompt(text), seed)) or _create(jobs, text, seed, recipe) for text, seed in runs]


def _create(jobs: Path, prompt: str, seed: int, recipe: JobRecipe, files: Mapping[str, bytes] | None = None) -> Path:
    request = new_job(
        prompt,
        seed=seed,
        preset=recipe.preset,
        prior=recipe.prior,
        device=recipe.device,
        overrides=recipe.overrides_of_job(),
        origin={"client": "evaluate"},
        mode=recipe.mode,
        image=IMAGE if IMAGE in (files or {}) else "",
    )
    return create_job_folder(jobs, request, files)


def _find(jobs: Path, recipe: JobRecipe) -> dict[tuple[str, int], Path]:
    """The jobs of this recipe in a folder, by prompt and seed: the first one of each."""
    wanted = (recipe.preset, recipe.prior, recipe.overrides_of_job(), recipe.mode)
    found: dict[tuple[str, int], Path] = {}
    for folder in list_jobs(jobs):
        try:
            request = read_job(folder)
        except JobError:
            continue
        if wanted == (request.preset, request.prior, dict(request.overrides), request.mode):
            found.setdefault((request.prompt, request.seed), folder)
    return found


def _discard_event(kind: str, **facts: Any) -> None:
    """Replaces the event writer, because loading a finished job must not change its folder."""


def load_job(folder: Path) -> tuple[Settings, Optimization]:
    """Loads the settings and the optimization of a job from its last checkpoint, without changing the folder.

    Raises:
        UserError: the model or the settings cannot be read.
    """
    from ...devices import resolve_device
    from ...worker.running import RunningJob
    from ...worker.stages import load
    from ...worker.stop import StopFlag

    request = read_job(folder)
    device = resolve_device(request.device)
    job = RunningJob(folder, request, _discard_event, StopFlag(), device)  # type: ignore[arg-type]
    return load(job)
