"""Settings that need less memory, for jobs that do not fit: before the job starts, or after memory has run out.

`guidance` is imported late, because it takes seconds.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from .job_settings import record_settings, resolve_settings
from .kept_model import open_kept
from .timeline import Timeline

if TYPE_CHECKING:
    from ..config.settings import Settings
    from ..guidance.base import Prior
    from ..guidance.likeness import LikenessPrior
    from .running import RunningJob


def open_prior_within_memory(job: RunningJob, settings: Settings) -> tuple[Settings, Prior | LikenessPrior]:
    """Opens the job's model. Returns it with settings that fit into the device's memory, according to an estimate."""
    from ..guidance.fit import FamilyPrior, estimate, fitted, free_bytes, gib, suited

    prior = _open(job, settings)
    if not isinstance(prior, FamilyPrior):
        return settings, prior
    prior.check_complete()
    for note in prior.file_notes():
        job.emit("warning", message=note)
    wanted = suited(settings, prior)
    settings, prior, saved = fitted(partial(_open, job), wanted)
    if saved:
        record_settings(job, settings)
        whole = _open(job, wanted)
        assert isinstance(whole, FamilyPrior)
        job.emit(
            "warning",
            message=f"'{prior.name}' needs about {gib(estimate(whole, wanted).optimizing)} of memory, and "
            f"{gib(free_bytes(job.device))} are free. The job runs with {', '.join(saved)}.",
        )
    return settings, prior


def reduce_memory(job: RunningJob) -> bool:
    """Records settings that need less memory, and emits a warning. Returns False if nothing more can be saved."""
    from ..guidance.fit import savings

    settings = resolve_settings(job)
    for change, smaller in savings(settings, _open(job, settings)):
        record_settings(job, smaller)
        job.timeline = Timeline()  # the checkpoint contains the time spent so far
        job.emit("warning", message=f"Out of memory. The job continues from its last checkpoint with {change}.")
        return True
    return False


def _open(job: RunningJob, settings: Settings) -> Prior | LikenessPrior:
    from ..guidance.loader import is_builtin, open_prior, prior_folder

    g, name = settings.guidance, job.request.prior
    control = g.control if job.request.mode == "texture" else None  # other modes have no depth before they begin

    def load() -> Prior | LikenessPrior:
        return open_prior(name, job.device, g.picture_px, g.offload, g.dtype, g.loras, control)

    return open_kept(prior_folder(name), job.device, load) if is_builtin(name) else load()
