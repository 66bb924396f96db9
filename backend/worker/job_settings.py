"""The settings of a job: resolved once, then recorded in `settings.json`."""

from __future__ import annotations

import difflib
import json

from .. import __version__
from ..config.overrides import apply_overrides, flatten
from ..config.presets import ALL_PRESETS, PRESETS
from ..config.settings import Settings
from ..errors import UserError
from ..jobs.files import write_atomic
from .running import RunningJob


def resolve_settings(job: RunningJob) -> Settings:
    """What the preset and the overrides come to; recorded once, so that a resumed job keeps what it began with.

    Raises:
        UserError: an unknown preset, or an override that does not fit.
    """
    path = job.folder / "settings.json"
    name = job.request.preset
    if path.exists():
        try:
            recorded = json.loads(path.read_text(encoding="utf-8"))
            return apply_overrides(next(iter(PRESETS.values())), recorded["settings"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError, UserError):
            pass  # of another version, or damaged: the request still says what was meant
    if name not in ALL_PRESETS:
        near = difflib.get_close_matches(name, ALL_PRESETS, n=1)
        hint = f"did you mean '{near[0]}'" if near else f"there are {', '.join(PRESETS)}"
        raise UserError(f"There is no preset '{name}': {hint}.", code="preset")
    settings = apply_overrides(ALL_PRESETS[name], job.request.overrides)
    record_settings(job, settings)
    return settings


def record_settings(job: RunningJob, settings: Settings) -> None:
    """What the job goes by from now on, also after a resume."""
    facts = {"backend": __version__, "preset": job.request.preset, "settings": flatten(settings)}
    write_atomic(job.folder / "settings.json", json.dumps(facts, indent=2) + "\n")
