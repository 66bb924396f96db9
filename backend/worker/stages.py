"""The stages of a job: load, optimize, build the asset.

The heaviest modules are imported late, so that canceled and invalid jobs end quickly.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import torch

from ..config.change_presets import at_amount
from ..config.paint_presets import at_strength
from ..devices import usable_cores
from ..errors import UserError
from ..optimize import checkpoint
from . import ranks
from .inputs import reference_of, scenes_of
from .job_settings import resolve_settings
from .memory import open_prior_within_memory
from .preload import preload
from .recovery import NOISE_STRIDE, ModelOverflow, seed_of
from .running import RunningJob
from .steps import CheckpointWriter, PreviewWriter, run_steps
from .timeline import estimate_asset_s

if TYPE_CHECKING:
    from ..config.settings import Settings
    from ..optimize.loop import Optimization
    from ..optimize.reference import Reference
    from ..refine.loop import Refinement

CHECKED_AT = (0.25, 0.5, 0.75, 1.0)  # of the steps
EMPTY, FULL = 0.003, 0.75  # mean opacity of a view; an object that fills the whole volume has 0.82
MAX_OVERFLOWS = 3  # bright views alone may overflow, so they need not be consecutive


def load(job: RunningJob, rollbacks: int = 0) -> tuple[Settings, Optimization]:
    """Loads the settings and the model, and creates the run or restores it from the newest checkpoint that fits.

    Args:
        rollbacks: how often the job has returned to a checkpoint. Each time, it draws other views and noise.
    """
    job.enter_phase("loading")
    job.check_control()
    settings = resolve_settings(job)
    job.timeline.asset_s = estimate_asset_s(settings.mesh.resolution, settings.mesh.texture_px)
    job.timeline.refine_steps = settings.refine.steps if settings.refine.is_on else 0
    torch.set_num_threads(settings.optimizer.threads or usable_cores())
    settings, prior = open_prior_within_memory(job, settings)
    comes_soon = settings.optimizer.overlap and prior.runs_beside  # the first preview
    if not comes_soon:
        preload()
    # Not recorded: the recorded settings are those of the request.
    if job.request.mode == "texture":
        settings = at_strength(settings)
    if job.request.mode == "change":
        settings = at_amount(settings)
    if notes := prior.prompt_notes(job.request.prompt):
        job.emit("warning", message=notes)
    reference = reference_of(job, settings)
    prompt = _with_color(job, prior, reference)
    job.check_control()
    negative_prompt = job.request.negative_prompt or settings.guidance.negative_prompt
    from ..guidance.distillation import avoided_texts
    from ..guidance.view_conditions import add_prefix

    prompt = add_prefix(prompt, settings.guidance.prefix)
    prior.prepare(prompt, *avoided_texts(settings.guidance, negative_prompt))
    job.check_control()
    from ..optimize.loop import Optimization

    make_scene = scenes_of(job, settings, prior.depth_px)

    def create() -> Optimization:
        return Optimization(prompt, negative_prompt, seed_of(job), settings, prior, job.device, make_scene(), reference)

    run = restore(job, create) or create()
    if rollbacks:
        run.reseed(seed_of(job) + NOISE_STRIDE * rollbacks)
    return settings, run


def _with_color(job: RunningJob, prior: object, reference: Reference | None) -> str:
    """The prompt, with the color of the image if it names none and the model has a word for it.

    Otherwise, the model would pull all other sides towards the usual color of the object. RealFusion (section 3.2) learns a
    word for the image instead.
    """
    prompt, vocabulary = job.request.prompt, getattr(prior, "vocabulary", None)
    if reference is None or vocabulary is None:
        return prompt
    from ..inputs.color_words import missing_color

    color = missing_color(prompt, vocabulary, reference.pixels())
    if not color:
        return prompt
    job.emit("warning", message=f'The prompt names no color. The job uses that of the image: "{color}".')
    return f"{prompt}, {color}"


def restore(job: RunningJob, create: Callable[[], Optimization]) -> Optimization | None:
    """The run at the newest checkpoint that is intact, finite and fits. None without one."""
    for _, tensors, meta in checkpoint.load_newest_first(job.folder / "checkpoints"):
        run = create()
        try:
            run.restore(tensors, meta["run"])
            if run.is_finite():
                job.timeline.add_elapsed(float(meta["elapsed_s"]))
                return run
        except (KeyError, RuntimeError, TypeError, ValueError):  # from other settings or another version
            pass
    if checkpoint.has_checkpoint(job.folder / "checkpoints"):
        job.emit(
            "warning",
            message="The job starts again, because its checkpoints are damaged or from another version of the backend.",
        )
    return None


def optimize(job: RunningJob, settings: Settings, run: Optimization) -> None:
    """Runs the remaining steps.

    Raises:
        ModelOverflow: the model overflows in half precision.
        UserError: too many steps in a row had no finite gradient (code "diverged"), or the object is empty or fills the
            volume (codes "empty" and "full").
    """
    job.enter_phase("optimising")
    previews = PreviewWriter(job, run, settings.output.preview_px)
    checkpoints = CheckpointWriter(job, run)
    # A given mesh is neither empty nor full.
    shares = () if job.request.mode == "texture" else CHECKED_AT
    checks = {round(run.total_steps * share) for share in shares}

    first = run.step

    def advance() -> float:
        if run.step > first:
            preload()  # nothing, if it was done before
        size = ranks.advance(run)
        if run.model_overflows > MAX_OVERFLOWS and is_half(run.prior):
            checkpoints.save()
            raise ModelOverflow
        if math.isfinite(size) and run.step in checks:
            check_coverage(run)
        return size

    if not run_steps(job, run, settings.output, checkpoints, previews, advance, job.timeline.eta_s):
        raise UserError(
            f"The optimization diverged at step {run.step}. Try another seed, or a lower optimizer.density_rate.",
            code="diverged",
            step=run.step,
        )


def is_half(prior: object) -> bool:
    """Whether a model computes in a type with a smaller range than float32."""
    return getattr(prior, "dtype", None) is torch.float16


def check_coverage(run: Optimization) -> None:
    """Checks that the views show an object.

    Raises:
        UserError: the views are empty or full (codes "empty" and "full").
    """
    least, most = run.coverage()
    if most < EMPTY:
        raise UserError(f"The object is empty at step {run.step}. Try another seed, or another prompt.", "empty")
    if least > FULL:
        raise UserError(f"The object fills the whole volume at step {run.step}. Try another seed.", "full")


def build(job: RunningJob, settings: Settings, run: Optimization) -> Optimization | Refinement:
    """Builds the textured mesh, refines it if the settings request that, and emits the result. A given mesh is only painted.

    Returns:
        What renders the final object: the refinement, or else the optimization.
    """
    from ..asset.build import build_asset
    from ..fields.changed_grid import volume_of
    from ..inputs import field_file
    from ..jobs.files import write_atomic
    from ..optimize.grid_scene import GridScene
    from ..paint.asset import paint_asset
    from ..paint.scene import PaintedScene
    from ..sphere.asset import sphere_asset
    from ..sphere.scene import SphereScene
    from . import refining

    def progress(phase: str, fraction: float) -> None:
        job.check_control()
        job.enter_phase(phase)
        job.report_progress(round(100 * fraction), 100, job.timeline.asset_eta_s(phase, fraction))

    folder = job.make_folder("asset")
    if isinstance(run.scene, PaintedScene):
        report = paint_asset(run.scene, settings.mesh, folder, progress)
        job.emit("result", mesh="asset/mesh.glb", report=report, elapsed_s=round(job.timeline.elapsed_s, 2))
        return run
    refiner = refining.Refiner(job, settings, run) if settings.refine.is_on else None
    if isinstance(run.scene, SphereScene):
        report = sphere_asset(run.scene.surface, settings.mesh, folder, progress, refiner)
    else:
        if isinstance(run.scene, GridScene):
            write_atomic(job.folder / field_file.OUTPUT, field_file.encode_field(volume_of(run.scene.field)))
        report = build_asset(run.field, settings.mesh, folder, progress, refiner)
    if (used := report.get("resolution", settings.mesh.resolution)) < settings.mesh.resolution:
        job.emit(
            "warning",
            message=f"The surface is very noisy, so the mesh has a resolution of {used} instead of "
            f"{settings.mesh.resolution}. Try another seed.",
        )
    job.emit("result", mesh="asset/mesh.glb", report=report, elapsed_s=round(job.timeline.elapsed_s, 2))
    refining.delete_checkpoints(job)
    return refiner.refinement if refiner and refiner.refinement else run
