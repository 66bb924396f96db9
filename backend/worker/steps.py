"""The steps of an optimization or a refinement, with progress, previews, and checkpoints."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from .. import __version__
from ..optimize import checkpoint
from . import pictures
from .running import RunningJob

if TYPE_CHECKING:
    from ..config.settings import OutputSettings
    from ..optimize.loop import Optimization
    from ..refine.loop import Refinement

# Upper limits on the intervals that the settings give in steps.
CHECKPOINT_EVERY_S = 60.0
PREVIEW_EVERY_S = 10.0
MAX_DROPPED = 8  # steps in a row
PREVIEW_COST_FACTOR = 10  # the interval between previews is at least this many times the cost of one


def run_steps(
    job: RunningJob,
    run: Optimization | Refinement,
    output: OutputSettings,
    checkpoints: CheckpointWriter,
    previews: PreviewWriter,
    advance: Callable[[], float],
    eta_s: Callable[[int, int], float | None],
) -> bool:
    """Runs the remaining steps. Returns False if too many steps in a row were dropped.

    Args:
        advance: runs one step and returns the size of its gradient. If that is not finite, the step is dropped: the run
            has not changed, and the next call draws other views and noise.
        eta_s: seconds until the result, from the step and the number of steps.
    """
    total, dropped = run.total_steps, 0
    while run.step < total:
        job.check_control(checkpoints.save)
        if not math.isfinite(advance()):
            dropped += 1
            job.dropped_steps += 1
            if dropped > MAX_DROPPED:
                return False
            continue
        dropped = 0
        job.timeline.lap(run.step)
        job.report_progress(run.step, total, eta_s(run.step, total))
        previews.write_if_due(is_scheduled=run.step % output.preview_every == 0)
        now = time.monotonic()
        if run.step % output.checkpoint_every == 0 or now - checkpoints.saved_at > CHECKPOINT_EVERY_S:
            checkpoints.save()
    checkpoints.save()
    job.check_control()
    return True


class PreviewWriter:
    """Writes previews: after the first step, then as scheduled by the settings, or every few seconds on slow machines.

    Limits the share of time that previews take.
    """

    def __init__(self, job: RunningJob, run: Optimization | Refinement, size_px: int, prefix: str = "") -> None:
        self._job, self._run, self._size_px, self._prefix = job, run, size_px, prefix
        self._written_at = -math.inf
        self._cost_s = 0.0
        self._count = 0

    def write_if_due(self, *, is_scheduled: bool) -> None:
        started_at = time.monotonic()
        since_s = started_at - self._written_at
        if since_s < PREVIEW_COST_FACTOR * self._cost_s or not (is_scheduled or since_s > PREVIEW_EVERY_S):
            return
        self._job.make_folder("previews")
        with suppress(FileNotFoundError):  # someone deletes the folder at this moment
            path = pictures.write_preview(self._run, self._job.folder, self._size_px, self._count, self._prefix)
            self._job.emit("preview", path=path, step=self._run.step)
        self._count += 1
        self._written_at = time.monotonic()
        self._cost_s = self._written_at - started_at


class CheckpointWriter:
    """Writes checkpoints, each step at most once, and none of a run that is not finite."""

    def __init__(self, job: RunningJob, run: Optimization | Refinement, name: str = "checkpoints") -> None:
        self._job, self._run, self._name = job, run, name
        self._saved_step = run.step  # a restored step is already saved
        self.saved_at = time.monotonic()

    def save(self) -> None:
        if self._run.step == self._saved_step or not self._run.is_finite():
            return
        tensors, facts = self._run.state()
        meta = {"run": facts, "elapsed_s": self._job.timeline.elapsed_s, "backend": __version__}
        try:
            checkpoint.save(self._job.make_folder(self._name), self._run.step, tensors, meta)
        except FileNotFoundError:  # someone deletes the folder at this moment
            checkpoint.save(self._job.make_folder(self._name), self._run.step, tensors, meta)
        self._saved_step, self.saved_at = self._run.step, time.monotonic()
