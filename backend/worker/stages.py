"""The stages of one job: loading, optimization, and the asset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import UserError
from .job_settings import resolve_settings
from .running import RunningJob
from .steps import Photographer, Saver, run_steps
from .timeline import guess_asset_s

if TYPE_CHECKING:
    from ..config.settings import Settings
    from ..optimize.loop import Optimization
    from ..refine.loop import Refinement


def load(job: RunningJob) -> tuple[Settings, Optimization]:
    """Settings, prior and the run, restored from the newest checkpoint if there is one."""
    job.enter("loading")
    job.attend()
    from ..optimize import checkpoint

    settings = resolve_settings(job)
    job.timeline.asset_s = guess_asset_s(settings.mesh.resolution, settings.mesh.texture_px)
    job.timeline.refine_steps = settings.refine.steps if settings.refine.is_on else 0
    _use_threads(settings.optimizer.threads)
    from .memory import open_fitting

    settings, prior = open_fitting(job, settings)
    if notes := prior.prompt_notes(job.request.prompt):
        job.tell("warning", message=notes)
    job.attend()
    negative_prompt = job.request.negative_prompt or settings.guidance.negative_prompt
    from ..guidance.view_conditions import add_prefix

    prompt = add_prefix(job.request.prompt, settings.guidance.prefix)
    prior.prepare(prompt, negative_prompt)
    job.attend()
    from ..optimize.loop import Optimization

    run = Optimization(prompt, negative_prompt, job.request.seed, settings, prior, job.device)
    if found := checkpoint.load_latest(job.folder / "checkpoints"):
        _, tensors, meta = found
        try:
            run.restore(tensors, meta["run"])
            job.timeline.add(float(meta["elapsed_s"]))
        except (KeyError, RuntimeError, TypeError, ValueError):
            job.tell("warning", message="The checkpoint is of another version of the backend: the job begins anew.")
            run = Optimization(prompt, negative_prompt, job.request.seed, settings, prior, job.device)
    return settings, run


def _use_threads(count: int) -> None:
    import torch

    from ..devices import usable_cores

    torch.set_num_threads(count or usable_cores())


def optimize(job: RunningJob, settings: Settings, run: Optimization) -> None:
    """Steps until the end, with previews and checkpoints on the way."""
    from . import ranks

    job.enter("optimising")
    photographer = Photographer(job, run, settings.output.preview_px)
    if not run_steps(
        job, run, settings.output, Saver(job, run), photographer, lambda: ranks.advance(run), job.timeline.eta_s
    ):
        raise UserError(
            f"The optimization diverged at step {run.step}: try another seed, or a smaller optimizer.density_rate.",
            code="diverged",
        )


def build(job: RunningJob, settings: Settings, run: Optimization) -> Optimization | Refinement:
    """The mesh with its texture, refined if the settings say so; its paths are told at once. Returns what shows it as it
    is now."""
    from ..asset.build import build_asset
    from . import refining

    def progress(phase: str, fraction: float) -> None:
        job.attend()
        job.enter(phase)
        job.progress(round(100 * fraction), 100, job.timeline.asset_eta_s(phase, fraction))

    folder = job.folder / "asset"
    folder.mkdir(exist_ok=True)
    refiner = refining.Refiner(job, settings, run) if settings.refine.is_on else None
    report = build_asset(run.field, settings.mesh, folder, progress, refiner)
    job.tell("result", mesh="asset/mesh.glb", report=report, elapsed_s=round(job.timeline.elapsed_s, 2))
    refining.forget(job)
    return refiner.refinement if refiner and refiner.refinement else run
