"""`models check`: the whole check of one model, as findings in words."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import torch

from ...catalog.entries import MODELS
from ...config.overrides import apply_overrides
from ...config.presets import PRESETS
from ...config.settings import Settings
from ...errors import UserError
from ...guidance.base import Conditioning
from ...guidance.families import FAMILIES, load_family, open_files
from ...guidance.families.prior import FamilyPrior
from ...guidance.fit import fitted, gib, suited
from ...guidance.report import fit_of, open_for
from ...optimize.loop import Optimization
from ...worker.peak_memory import peak_bytes
from . import errors
from .drawing import draw_with_pipeline, draw_with_prior
from .pictures import save_pictures
from .published_values import differences
from .reference import PROMPT, ball, ball_depth

STEPS = 5  # timed steps of a job
DRAWING_STEPS = 8
NO_EFFECT = 1e-5  # mean difference of the denoised pictures, in [0, 1]
SAME = 0.02  # mean difference of both pictures, in [0, 1]


@dataclass(frozen=True)
class Finding:
    """One result in words. is_good: None for a fact, False for a problem."""

    is_good: bool | None
    text: str


@dataclass
class CheckReport:
    """All results of a check, in the order in which they were found."""

    name: str
    findings: list[Finding] = field(default_factory=list)
    seconds_per_step: float = math.nan

    @property
    def is_good(self) -> bool:
        return all(finding.is_good is not False for finding in self.findings)


Report = Callable[[str, float], None]  # receives what happens, and the fraction, 0 to 1


def preset_of(path: Path) -> str:
    """Returns the preset of a model's family."""
    pipeline = str(open_files(path).index["_class_name"])
    return next((model.preset for model in MODELS if model.pipeline == pipeline), "quality")


def check_model(
    path: Path,
    device: torch.device,
    preset: str,
    output: Path | None = None,
    report: Report = lambda text, share: None,
    dtype: torch.dtype | None = None,
    controlnet: str = "",
) -> CheckReport:
    """Loads a model like a job, and checks how it sees, draws, and optimizes.

    Args:
        preset: for which steps are timed.
        output: folder for the pictures; None writes none.
        dtype: of the weights; None chooses by the device.
        controlnet: path of a depth ControlNet; empty: the model's own one, if it has one.

    Raises:
        UserError: the model cannot be loaded.
    """
    prior = load_family(path, device, dtype, controlnet=(controlnet, 1.0))
    found = CheckReport(prior.name)
    report("Checking files", 0.0)
    prior.check_complete()
    title = FAMILIES[str(prior.index["_class_name"])][0]
    precision = str(prior.dtype).removeprefix("torch.")
    kind = f"{title}, {prior.image_px} pixels, predicts {prior.schedule.prediction_type}, {precision} on {device}"
    found.findings.append(Finding(None, kind))
    found.findings += [Finding(None, note) for note in prior.file_notes()]
    for check in (_see, _compare, _fits, _run):
        try:
            found.findings += check(prior, preset, output, found, report)
        except UserError as error:
            found.findings.append(Finding(False, str(error)))
            if error.facts.get("overflows"):
                break  # everything else would be wrong
    found.findings.insert(0, Finding(found.is_good, _verdict(found)))
    return found


def _verdict(found: CheckReport) -> str:
    if found.is_good:
        return "The model is read correctly."
    return "There is a problem. Do not start a long job with this model before it is solved."


def _see(
    prior: FamilyPrior, _preset: str, output: Path | None, _found: CheckReport, report: Report
) -> Iterator[Finding]:
    """Encodes a picture and measures how well the model removes noise from it."""
    report("Encoding the text", 0.1)
    prior.prepare(PROMPT, "")
    text = prior.encode_text([PROMPT])
    report("Removing noise from a picture", 0.2)
    picture = ball(prior.image_px).to(prior.device)
    with torch.no_grad():
        z = prior.encode(picture)
        again = prior.decode(z)
    loss = float((again - picture).square().mean().sqrt())
    if prior.has_encoder:
        yield from _latents(z)
        yield Finding(
            loss < 0.15, f"The VAE gives a picture back with an error of {100 * loss:.1f} % (a good one: under 15 %)."
        )
    seen = errors.measure(prior, z, text, prior.schedule)
    if output is not None:
        save_pictures(output / "seen.png", [picture.cpu(), *seen.pictures.split(1)])
    figures = ", ".join(f"{error:.2f}" for error in seen.errors)
    levels = ", ".join(f"{level:g}" for level in errors.LEVELS)
    yield Finding(seen.is_good, f"Error after the model removes noise of {levels} standard deviations: {figures}.")
    if prior.depth_control:
        yield from _control(prior, z, text, seen)
    if not seen.is_good:
        yield from _cause(prior, z, text, seen)
    for is_certain, difference in differences(prior):
        is_fine = None if seen.is_good and not is_certain else False
        yield Finding(is_fine, f"A value is unusual: {difference}. Check the configuration of the model.")


def _control(prior: FamilyPrior, z: torch.Tensor, text: Conditioning, seen: errors.Errors) -> Iterator[Finding]:
    """Compares the removed noise with and without the depth image of the ball."""
    depth = ball_depth(prior.image_px).to(prior.device)
    guided = errors.measure(prior, z, replace(text, depth=depth), prior.schedule)
    figures = ", ".join(f"{error:.2f}" for error in guided.errors)
    is_good = guided.is_good if seen.is_good else None  # otherwise, the model is to blame
    yield Finding(is_good, f"The same with the ControlNet and the depth of the picture: {figures}.")
    if (guided.pictures - seen.pictures).abs().mean() < NO_EFFECT:
        yield Finding(False, "The ControlNet has no effect. Its weights may be damaged, or it is not trained.")


def _latents(z: torch.Tensor) -> Iterator[Finding]:
    spread, offset = errors.find_affine(z)
    low, high = errors.SPREAD
    if not low <= spread <= high:
        yield Finding(
            False, f"The scale of the latents is wrong: their standard deviation is {spread:.2f} instead of about 1 "
            "(scaling_factor of the VAE).",
        )  # fmt: skip
    if offset > errors.OFFSET * 2:
        yield Finding(False, f"The latents are shifted by {offset:.1f} standard deviations (shift_factor of the VAE).")


def _cause(prior: FamilyPrior, z: torch.Tensor, text: Conditioning, seen: errors.Errors) -> Iterator[Finding]:
    if kind := errors.find_prediction(prior, z, text, seen):
        yield Finding(
            False, f"The model predicts {kind}, but its configuration says {prior.schedule.prediction_type} (prediction_type of the "
            "scheduler).",
        )  # fmt: skip
    elif factor := errors.find_factor(prior, z, text, seen):
        yield Finding(
            False, f"The model removes noise far better from latents times {factor:g} (scaling_factor of the VAE)."
        )
    else:
        yield Finding(False, "No usual cause was found. The weights may be damaged, or the model is not trained.")


def _compare(
    prior: FamilyPrior, _preset: str, output: Path | None, _found: CheckReport, report: Report
) -> Iterator[Finding]:
    report("Drawing with diffusers' pipeline", 0.35)
    prior.unload()
    theirs, trace = draw_with_pipeline(prior, PROMPT, DRAWING_STEPS)
    report("Drawing the same picture", 0.55)
    ours = draw_with_prior(prior, PROMPT, trace, lambda share: report("Drawing the same picture", 0.55 + 0.15 * share))
    if output is not None:
        save_pictures(output / "pictures.png", [theirs, ours])
    difference = float((theirs - ours).abs().mean())
    is_same = difference <= SAME and bool(ours.isfinite().all())
    yield Finding(
        is_same,
        f"A picture drawn from the same noise {'is that' if is_same else 'differs from that'} of diffusers' pipeline (mean difference "
        f"{100 * difference:.2f} %).",
    )


def _fits(
    prior: FamilyPrior, preset: str, _output: Path | None, _found: CheckReport, _report: Report
) -> Iterator[Finding]:
    own = fit_of(prior.files, prior.device, _settings(prior, preset))
    yield Finding(own.is_enough, f"Memory with the preset {preset}: {own.words}.")
    if not own.is_enough:
        fitting = [name for name in PRESETS if fit_of(prior.files, prior.device, _settings(prior, name)).is_enough]
        yield Finding(None, f"Presets that fit: {', '.join(fitting) or 'none'}.")


def _settings(prior: FamilyPrior, preset: str) -> Settings:
    """The settings of a preset, with the ControlNet."""
    path = str(prior.depth_control.path) if prior.depth_control else ""
    return apply_overrides(PRESETS[preset], {"guidance.controlnet": path})


def _run(
    prior: FamilyPrior, preset: str, _output: Path | None, found: CheckReport, report: Report
) -> Iterator[Finding]:
    """Does a few steps of a job."""
    prior.unload()  # the run opens the model again
    settings = suited(_settings(prior, preset), prior)
    settings = apply_overrides(settings, {"guidance.dtype": str(prior.dtype).removeprefix("torch.")})
    settings, opened, saved = fitted(partial(open_for, prior.files, prior.device), settings)
    assert isinstance(opened, FamilyPrior)
    opened.prepare(PROMPT, settings.guidance.negative_prompt)
    run = Optimization(PROMPT, settings.guidance.negative_prompt, 0, settings, opened, prior.device)
    seconds = []
    for number in range(STEPS):
        report(f"Step {number + 1} of {STEPS}", 0.75 + 0.2 * number / STEPS)
        started = time.perf_counter()
        size = run.advance()
        seconds.append(time.perf_counter() - started)
        if not math.isfinite(size):
            yield Finding(
                False, f"Step {number + 1} of a job has values that are not finite. Set guidance.dtype=float32."
            )
            return
    found.seconds_per_step = sorted(seconds)[STEPS // 2]  # the first one also loads the weights
    total = found.seconds_per_step * settings.optimizer.steps
    measures = f", with {', '.join(saved)}" if saved else ""
    yield Finding(
        None,
        f"A step takes {found.seconds_per_step:.2f} s, and a job with the preset {preset} about {_duration(total)} "
        f"({settings.optimizer.steps} steps{measures}).",
    )
    yield Finding(None, f"Largest use of memory: {gib(_peak(prior.device))}.")


def _peak(device: torch.device) -> int:
    """The largest use of the device's memory; on a CPU, of this process."""
    if device.type == "cuda":
        return int(torch.cuda.max_memory_allocated(device))
    return peak_bytes()


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
