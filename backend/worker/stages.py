"""The stages of a job: load, optimize, build the asset.

The heaviest modules are imported late, so that canceled and invalid jobs end quickly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from ..devices import usable_cores
from ..errors import UserError
from ..optimize import checkpoint
from . import ranks
from .job_settings import resolve_settings
from .memory import open_prior_within_memory
from .running import RunningJob
from .steps import CheckpointWriter, PreviewWriter, run_steps
from .timeline import estimate_asset_s

if TYPE_CHECKING:
    from ..config.settings import Settings
    from ..optimize.loop import Optimization
    from ..refine.loop import Refinement


def load(job: RunningJob) -> tuple[Settings, Optimization]:
    """Loads the settings and the model, and creates the run or restores it from the newest checkpoint."""
    job.enter_phase("loading")
    job.check_control()
    settings = resolve_settings(job)
    job.timeline.asset_s = estimate_asset_s(settings.mesh.resolution, settings.mesh.texture_px)
    job.timeline.refine_steps = settings.refine.steps if settings.refine.is_on else 0
    torch.set_num_threads(settings.optimizer.threads or usable_cores())
    settings, prior = open_prior_within_memory(job, settings)
    if notes := prior.prompt_notes(job.request.prompt):
        job.emit("warning", message=notes)
    job.check_control()
    negative_prompt = job.request.negative_prompt or settings.guidance.negative_prompt
    from ..guidance.view_conditions import add_prefix

    prompt = add_prefix(job.request.prompt, settings.guidance.prefix)
    prior.prepare(prompt, negative_prompt)
    job.check_control()
    from ..optimize.loop import Optimization

    run = Optimization(prompt, negative_prompt, job.request.seed, settings, prior, job.device)
    if found := checkpoint.load_latest(job.folder / "checkpoints"):
        _, tensors, meta = found
        try:
            run.restore(tensors, meta["run"])
            job.timeline.add_elapsed(float(meta["elapsed_s"]))
        except (KeyError, RuntimeError, TypeError, ValueError):
            job.emit("warning", message="The checkpoint is from another version of the backend. The job restarts.")
            run = Optimization(prompt, negative_prompt, job.request.seed, settings, prior, job.device)
    return settings, run


def optimize(job: RunningJob, settings: Settings, run: Optimization) -> None:
    """Runs the remaining steps.

    Raises:
        UserError: the optimization diverged (code "diverged").
    """
    job.enter_phase("optimising")
    previews = PreviewWriter(job, run, settings.output.preview_px)
    checkpoints = CheckpointWriter(job, run)
    if not run_steps(job, run, settings.output, checkpoints, previews, lambda: ranks.advance(run), job.timeline.eta_s):
        raise UserError(
            f"The optimization diverged at step {run.step}. Try another seed, or a lower optimizer.density_rate.",
            code="diverged",
        )


def build(job: RunningJob, settings: Settings, run: Optimization) -> Optimization | Refinement:
    """Builds the textured mesh, refines it if the settings request that, and emits the result.

    Returns:
        What renders the final object: the refinement, or else the optimization.
    """
    from ..asset.build import build_asset
    from . import refining

    def progress(phase: str, fraction: float) -> None:
        job.check_control()
        job.enter_phase(phase)
        job.report_progress(round(100 * fraction), 100, job.timeline.asset_eta_s(phase, fraction))

    folder = job.folder / "asset"
    folder.mkdir(exist_ok=True)
    refiner = refining.Refiner(job, settings, run) if settings.refine.is_on else None
    report = build_asset(run.field, settings.mesh, folder, progress, refiner)
    job.emit("result", mesh="asset/mesh.glb", report=report, elapsed_s=round(job.timeline.elapsed_s, 2))
    refining.delete_checkpoints(job)
    return refiner.refinement if refiner and refiner.refinement else run
