"""Steps of an optimization, with progress, previews, and checkpoints."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from .. import __version__
from .running import RunningJob

if TYPE_CHECKING:
    from ..config.settings import OutputSettings
    from ..optimize.loop import Optimization
    from ..refine.loop import Refinement

CHECKPOINT_EVERY_S = 60.0  # or sooner, by the settings' steps
PREVIEW_EVERY_S = 10.0  # likewise
PREVIEW_SHARE = 10  # at least so many times a preview's own cost lies between two


def run_steps(
    job: RunningJob,
    run: Optimization | Refinement,
    output: OutputSettings,
    saver: Saver,
    photographer: Photographer,
    advance: Callable[[], float],
    eta_s: Callable[[int, int], float | None],
) -> bool:
    """Advances to the end, with progress, previews and checkpoints on the way; False when a step diverged."""
    total = run.total_steps
    while run.step < total:
        job.attend(saver.save)
        if not math.isfinite(advance()):
            return False
        job.timeline.lap(run.step)
        job.progress(run.step, total, eta_s(run.step, total))
        photographer.look(is_due=run.step % output.preview_every == 0)
        now = time.monotonic()
        if run.step % output.checkpoint_every == 0 or now - saver.saved_at > CHECKPOINT_EVERY_S:
            saver.save()
    saver.save()
    job.attend()
    return True


class Photographer:
    """Previews: one after the first step, then as the settings say; on a slow machine by time, and never mostly previews."""

    def __init__(self, job: RunningJob, run: Optimization | Refinement, size_px: int, prefix: str = "") -> None:
        self._job, self._run, self._size_px, self._prefix = job, run, size_px, prefix
        self._at = -math.inf
        self._cost_s = 0.0
        self._taken = 0

    def look(self, *, is_due: bool) -> None:
        from . import pictures

        began = time.monotonic()
        since_s = began - self._at
        if since_s < PREVIEW_SHARE * self._cost_s or not (is_due or since_s > PREVIEW_EVERY_S):
            return
        path = pictures.write_preview(self._run, self._job.folder, self._size_px, self._taken, self._prefix)
        self._taken += 1
        self._job.tell("preview", path=path, step=self._run.step)
        self._at = time.monotonic()
        self._cost_s = self._at - began


class Saver:
    """Saves a step once, however many reasons there are."""

    def __init__(self, job: RunningJob, run: Optimization | Refinement, name: str = "checkpoints") -> None:
        self._job, self._run, self._folder = job, run, job.folder / name
        self._step = run.step  # what was restored need not be saved again
        self.saved_at = time.monotonic()

    def save(self) -> None:
        from ..optimize import checkpoint

        if self._run.step == self._step:
            return
        tensors, facts = self._run.state()
        meta = {"run": facts, "elapsed_s": self._job.timeline.elapsed_s, "backend": __version__}
        checkpoint.save(self._folder, self._run.step, tensors, meta)
        self._step, self.saved_at = self._run.step, time.monotonic()
