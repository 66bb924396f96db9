"""Text reports on a model: its kind, its size, and the presets that fit into memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from .families import FAMILIES, load_family
from .families.precision import weights_dtype
from .fit import estimate, fitted, free_bytes, gib, suited

if TYPE_CHECKING:
    from ..config.settings import Settings
    from .families.files import ModelFiles
    from .families.prior import FamilyPrior


def model_lines(
    folder: Path, device: torch.device, presets: dict[str, Settings], controlnet: str = ""
) -> Iterator[str]:
    """Yields one line for the model in a folder, one for its ControlNet, and one for each preset.

    Args:
        controlnet: a path; empty: the model's own one, if it has one.

    Raises:
        UserError: the model is not supported or incomplete.
    """
    prior = load_family(folder, device, controlnet=(controlnet, 1.0))
    prior.check_complete()
    title = FAMILIES[str(prior.index["_class_name"])][0]
    size = prior.files.size(prior.networks())
    yield f"{prior.name}  {gib(size)}  {title}, {prior.image_px} pixels, predicts {prior.schedule.prediction_type}"
    yield from (f"  {note}" for note in prior.file_notes())
    if prior.depth_control:
        yield f"  ControlNet {prior.depth_control.path}  {gib(prior.depth_control.size())}"
    for name, settings in presets.items():
        settings = replace(settings, guidance=replace(settings.guidance, controlnet=controlnet))
        yield f"  {name}: {fit_of(folder, device, settings).words}"


@dataclass(frozen=True)
class Fit:
    """Whether a preset fits into memory with a model, and a description."""

    is_enough: bool
    words: str


def fit_of(folder: Path | ModelFiles, device: torch.device, settings: Settings) -> Fit:
    """Estimates whether a preset fits with the model in a folder, and with which changes.

    Raises:
        UserError: the model is not supported or incomplete.
    """
    settings = suited(settings, load_family(folder, device))
    whole = open_for(folder, device, settings)
    need, free = estimate(whole, settings), free_bytes(device)
    words = f"needs about {gib(need.optimizing)} of {gib(free)} free on {device}"
    reduced, prior, saved = fitted(partial(open_for, folder, device), settings, lambda _: free)
    if not saved:
        is_enough = need.optimizing <= free
        return Fit(is_enough, f"{words}: fits" if is_enough else f"{words}: does not fit")
    assert isinstance(prior, type(whole))
    reduced_need = estimate(prior, reduced).optimizing
    verdict = "fits" if reduced_need <= free else f"still needs {gib(reduced_need)}"
    return Fit(reduced_need <= free, f"{words}; with {', '.join(saved)} it {verdict}")


def open_for(folder: Path | ModelFiles, device: torch.device, settings: Settings) -> FamilyPrior:
    """Opens a model with the settings of a job."""
    g = settings.guidance
    return load_family(folder, device, weights_dtype(g.dtype, device), g.picture_px, g.offload, g.loras, g.control)
