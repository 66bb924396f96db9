"""The stages of one job: loading, optimising, and the asset. Each tells how far it is and looks for requests."""

from __future__ import annotations

import difflib
import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import __version__, contract
from ..contract import EventWriter, JobRequest
from ..errors import UserError
from .failures import is_disk_full
from .stop import Cancelled, StopFlag, Stopped
from .timeline import Timeline, guess_asset_s

if TYPE_CHECKING:
    import torch

    from ..optimise.loop import Optimisation
    from ..refine.loop import Refinement
    from ..settings import OutputSettings, Settings

PROGRESS_EVERY_S = 0.25
CHECKPOINT_EVERY_S = 60.0  # or sooner, by the settings' steps
PREVIEW_EVERY_S = 10.0  # likewise
PREVIEW_SHARE = 10  # at least so many times a preview's own cost lies between two
PAUSE_POLL_S = 0.2


@dataclass
class Job:
    """One job in the hands of this worker."""

    folder: Path
    request: JobRequest
    events: EventWriter
    stop: StopFlag
    device: torch.device
    phase: str = ""
    timeline: Timeline = field(default_factory=Timeline)
    _told_at: float = -math.inf

    def tell(self, kind: str, **facts: Any) -> None:
        """Writes an event; on a full disk it makes room for the one that says so."""
        from ..optimise import checkpoint

        while True:
            try:
                self.events(kind, **facts)
                return
            except OSError as error:
                if not (is_disk_full(error) and checkpoint.remove_oldest(self.folder / "checkpoints")):
                    raise

    def enter(self, phase: str) -> None:
        if phase != self.phase:
            self.phase = phase
            self._told_at = -math.inf
            self.tell("phase", name=phase)

    def progress(self, step: int, total: int, eta_s: float | None) -> None:
        """Told at most four times a second, but the last step always."""
        now = time.monotonic()
        if step < total and now - self._told_at < PROGRESS_EVERY_S:
            return
        self._told_at = now
        self.tell(
            "progress",
            phase=self.phase,
            step=step,
            total=total,
            elapsed_s=round(self.timeline.elapsed_s, 2),
            eta_s=None if eta_s is None else round(eta_s, 1),
        )

    def attend(self, keep: Callable[[], None] | None = None) -> None:
        """Heeds what was asked meanwhile; `keep` saves the work before a wait or an end.

        Raises:
            Cancelled, Stopped: the job ends here.
        """
        self._raise_if_ended(keep)
        if not contract.is_requested(self.folder, "pause"):
            return
        if keep:
            keep()
        self.timeline.pause()
        self.tell("paused")
        while contract.is_requested(self.folder, "pause"):
            self._raise_if_ended(None)
            time.sleep(PAUSE_POLL_S)
        self.timeline.resume()
        self.tell("resumed")

    def _raise_if_ended(self, keep: Callable[[], None] | None) -> None:
        cancelled = contract.is_requested(self.folder, "cancel")
        if not (cancelled or self.stop.is_set):
            return
        if keep:
            keep()
        raise Cancelled if cancelled else Stopped


def load(job: Job) -> tuple[Settings, Optimisation]:
    """Settings, prior and the run, restored from the newest checkpoint if there is one."""
    job.enter("loading")
    job.attend()
    from ..optimise import checkpoint

    settings = resolve_settings(job)
    job.timeline.asset_s = guess_asset_s(settings.mesh.resolution, settings.mesh.texture_px)
    job.timeline.refine_steps = settings.refine.steps if settings.refine.is_on else 0
    _use_threads(settings.optimiser.threads)
    from .memory import open_fitting

    settings, prior = open_fitting(job, settings)
    if remark := prior.remark(job.request.prompt):
        job.tell("warning", message=remark)
    job.attend()
    negative_prompt = job.request.negative_prompt or settings.guidance.negative_prompt
    from ..guidance.views import captioned

    prompt = captioned(job.request.prompt, settings.guidance.prefix)
    prior.prepare(prompt, negative_prompt)
    job.attend()
    from ..optimise.loop import Optimisation

    run = Optimisation(prompt, negative_prompt, job.request.seed, settings, prior, job.device)
    if found := checkpoint.load_latest(job.folder / "checkpoints"):
        _, tensors, meta = found
        try:
            run.restore(tensors, meta["run"])
            job.timeline.add(float(meta["elapsed_s"]))
        except (KeyError, RuntimeError, TypeError, ValueError):
            job.tell("warning", message="The checkpoint is of another version of the backend: the job begins anew.")
            run = Optimisation(prompt, negative_prompt, job.request.seed, settings, prior, job.device)
    return settings, run


def resolve_settings(job: Job) -> Settings:
    """What the preset and the overrides come to; recorded once, so that a resumed job keeps what it began with.

    Raises:
        UserError: an unknown preset, or an override that does not fit.
    """
    from ..overrides import apply_overrides
    from ..presets import ALL_PRESETS, PRESETS

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


def record_settings(job: Job, settings: Settings) -> None:
    """What the job goes by from now on, also after a resume."""
    from ..overrides import flatten

    facts = {"backend": __version__, "preset": job.request.preset, "settings": flatten(settings)}
    contract.write_atomic(job.folder / "settings.json", json.dumps(facts, indent=2) + "\n")


def _use_threads(count: int) -> None:
    import torch

    from ..devices import usable_cores

    torch.set_num_threads(count or usable_cores())


def optimise(job: Job, settings: Settings, run: Optimisation) -> None:
    """Steps until the end, with previews and checkpoints on the way."""
    from . import crew

    job.enter("optimising")
    photographer = Photographer(job, run, settings.output.preview_px)
    if not run_steps(
        job, run, settings.output, Saver(job, run), photographer, lambda: crew.advance(run), job.timeline.eta_s
    ):
        raise UserError(
            f"The optimisation diverged at step {run.step}: try another seed, or a smaller optimiser.density_rate.",
            code="diverged",
        )


def run_steps(
    job: Job,
    run: Optimisation | Refinement,
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

    def __init__(self, job: Job, run: Optimisation | Refinement, size_px: int, prefix: str = "") -> None:
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

    def __init__(self, job: Job, run: Optimisation | Refinement, name: str = "checkpoints") -> None:
        self._job, self._run, self._folder = job, run, job.folder / name
        self._step = run.step  # what was restored need not be saved again
        self.saved_at = time.monotonic()

    def save(self) -> None:
        from ..optimise import checkpoint

        if self._run.step == self._step:
            return
        tensors, facts = self._run.state()
        meta = {"run": facts, "elapsed_s": self._job.timeline.elapsed_s, "backend": __version__}
        checkpoint.save(self._folder, self._run.step, tensors, meta)
        self._step, self.saved_at = self._run.step, time.monotonic()


def build(job: Job, settings: Settings, run: Optimisation) -> Optimisation | Refinement:
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
