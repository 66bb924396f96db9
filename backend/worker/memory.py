"""Settings that need less memory, for jobs that do not fit: before the job starts, or after memory has run out.

`guidance` is imported late, because it takes seconds.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from . import kept_model
from .job_settings import record_settings, resolve_settings
from .timeline import Timeline

if TYPE_CHECKING:
    from ..config.settings import Settings
    from ..guidance.base import Prior
    from ..guidance.fit import FamilyPrior
    from ..guidance.likeness import LikenessPrior
    from .running import RunningJob


def open_prior_within_memory(job: RunningJob, settings: Settings) -> tuple[Settings, Prior | LikenessPrior]:
    """Opens the job's model. Returns it with settings that fit into the device's memory, according to an estimate.

    If the last job of this process had the same model, it is still loaded.
    """
    from ..guidance.fit import FamilyPrior

    is_small, identity = _identity(job, settings)
    kept = kept_model.find(identity)
    if is_small:
        return settings, kept or kept_model.keep(identity, _open(job, settings), is_large=False)
    if kept is None:
        prior = _open(job, settings)
        if not isinstance(prior, FamilyPrior):
            return settings, prior
        kept = kept_model.keep(identity, _fit(job, settings, prior), is_large=True)
    if kept.saves:
        record_settings(job, kept.settings)
    for note in kept.notes:
        job.emit("warning", message=note)
    return kept.settings, kept.prior


def _fit(job: RunningJob, settings: Settings, prior: FamilyPrior) -> _Opened:
    from ..guidance.fit import FamilyPrior, estimate, fitted, free_bytes, gib, suited

    prior.check_complete()
    notes, wanted = prior.file_notes(), suited(settings, prior)
    settings, fitting, saved = fitted(partial(_open, job), wanted)
    if saved:
        whole = _open(job, wanted)
        assert isinstance(whole, FamilyPrior)
        notes.append(
            f"'{prior.name}' needs about {gib(estimate(whole, wanted).optimizing)} of memory, and "
            f"{gib(free_bytes(job.device))} are free. The job runs with {', '.join(saved)}."
        )
    return _Opened(settings, fitting, bool(saved), tuple(notes))


@dataclass(frozen=True)
class _Opened:
    """A large model, the settings that it fits into memory with, whether they save memory, and notes for the user."""

    settings: Settings
    prior: Prior | LikenessPrior
    saves: bool
    notes: tuple[str, ...]


def _identity(job: RunningJob, settings: Settings) -> tuple[bool, Hashable]:
    """Whether the model is the built-in one or has its layout, and what the loaded model depends on."""
    from ..guidance.loader import is_builtin, is_likeness, prior_folder

    g, name, device = settings.guidance, job.request.prior, str(job.device)
    if is_likeness(name):
        return False, None
    folder = prior_folder(name)
    if is_builtin(name):
        return True, (str(folder), device, kept_model.state_of([folder]))
    files = [folder, *(Path(path) for path, _ in g.loras), *([Path(g.controlnet)] if g.controlnet else [])]
    return False, (str(folder), device, job.request.mode, settings, kept_model.state_of(files))


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
    from ..guidance.loader import open_prior

    g, name = settings.guidance, job.request.prior
    control = g.control if job.request.mode == "texture" else None  # other modes have no depth before they begin

    return open_prior(name, job.device, g.picture_px, g.offload, g.dtype, g.loras, control)
