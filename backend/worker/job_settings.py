"""The settings of a job, recorded in `settings.json` when they are first resolved."""

from __future__ import annotations

import json

from .. import __version__
from ..config.lookup import settings_for
from ..config.overrides import apply_overrides, flatten
from ..config.settings import Settings
from ..errors import UserError
from ..jobs.files import write_atomic
from ..jobs.reading import read_object
from .running import RunningJob


def resolve_settings(job: RunningJob) -> Settings:
    """Returns the recorded settings, or else applies the overrides to the preset and records the result.

    A resumed job therefore keeps its settings. Settings that are newer than the job have their defaults, which change nothing.

    Raises:
        UserError: the preset is unknown or does not suit the job (code "preset"), or an override is invalid (code "settings").
    """
    path = job.folder / "settings.json"
    try:
        recorded = read_object(path)
        if recorded["preset"] == job.request.preset and recorded["settings"]:
            return apply_overrides(Settings(), recorded["settings"])
    except (OSError, KeyError, TypeError, AttributeError, UserError):
        pass
    # Not recorded yet, from another version or program, or damaged: resolve the request.
    settings = settings_for(job.request.preset, job.request.overrides, job.request.mode)
    record_settings(job, settings)
    return settings


def record_settings(job: RunningJob, settings: Settings) -> None:
    """Records the settings for the rest of the job."""
    facts = {"backend": __version__, "preset": job.request.preset, "settings": flatten(settings)}
    write_atomic(job.folder / "settings.json", json.dumps(facts, indent=2) + "\n")
