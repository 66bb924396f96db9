"""Jobs that are too large for the memory: with less from the start, or again with less once it has run out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from .job_settings import record_settings, resolve_settings
from .timeline import Timeline

if TYPE_CHECKING:
    from ..config.settings import Settings
    from ..guidance.base import Prior
    from ..guidance.likeness import LikenessPrior
    from .running import RunningJob


def open_fitting(job: RunningJob, settings: Settings) -> tuple[Settings, Prior | LikenessPrior]:
    """The job's prior, and settings that fit with it into the device's memory as far as that can be estimated."""
    from ..guidance.fit import FamilyPrior, estimate, fitted, free_bytes, gib, suited

    prior = _open(job, settings)
    if not isinstance(prior, FamilyPrior):
        return settings, prior
    wanted = suited(settings, prior)
    settings, prior, saved = fitted(partial(_open, job), wanted)
    if saved:
        record_settings(job, settings)
        whole = _open(job, wanted)
        assert isinstance(whole, FamilyPrior)
        job.tell(
            "warning",
            message=f"'{prior.name}' needs about {gib(estimate(whole, wanted).optimizing)} of memory, and "
            f"{gib(free_bytes(job.device))} are free: the job runs with {', '.join(saved)}.",
        )
    return settings, prior


def spare(job: RunningJob) -> bool:
    """After the memory has run out: the next thing that can be saved is saved, and the person told. False if there is
    none."""
    from ..guidance.fit import savings

    settings = resolve_settings(job)
    for words, thriftier in savings(settings, _open(job, settings)):
        record_settings(job, thriftier)
        job.timeline = Timeline()  # the checkpoint knows how long it took so far
        job.tell("warning", message=f"The memory has run out: the job goes on from its last checkpoint with {words}.")
        return True
    return False


def _open(job: RunningJob, settings: Settings) -> Prior | LikenessPrior:
    from ..guidance.loader import open_prior

    g = settings.guidance
    return open_prior(job.request.prior, job.device, g.picture_px, g.offload, g.dtype)
