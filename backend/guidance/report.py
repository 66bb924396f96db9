"""What a model is and which presets fit with it, in lines for a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from .families import FAMILIES, load_family
from .families.precision import weights_dtype
from .fit import estimate, fitted, free_bytes, gib, suited

if TYPE_CHECKING:
    from ..config.settings import Settings
    from .families.prior import FamilyPrior


def model_lines(folder: Path, device: torch.device, presets: dict[str, Settings]) -> Iterator[str]:
    """One line on the model in a folder, one for each preset.

    Raises:
        UserError: the folder holds no model that is known, or not all of it.
    """
    prior = load_family(folder, device)
    words = FAMILIES[str(prior.index["_class_name"])][0]
    size = sum(path.stat().st_size for path in folder.rglob("*.safetensors"))
    yield f"{prior.name}  {gib(size)}  {words}, {prior.image_px} pixels, predicts {prior.times.output}"
    for name, settings in presets.items():
        yield f"  {name}: {fit_of(folder, device, settings).words}"


@dataclass(frozen=True)
class Fit:
    """Whether a preset fits with a model, perhaps with something saved, and the words for it."""

    is_enough: bool
    words: str


def fit_of(folder: Path, device: torch.device, settings: Settings) -> Fit:
    """Whether a preset fits with the model in a folder, and what is done if not.

    Raises:
        UserError: the folder holds no model that is known, or not all of it.
    """
    settings = suited(settings, load_family(folder, device))
    whole = _open(folder, device, settings)
    need, free = estimate(whole, settings), free_bytes(device)
    words = f"needs about {gib(need.optimizing)} of {gib(free)} that are free on {device}"
    thrifty, prior, saved = fitted(partial(_open, folder, device), settings, lambda _: free)
    if not saved:
        is_enough = need.optimizing <= free
        return Fit(is_enough, f"{words}, and fits" if is_enough else f"{words}, and nothing can be saved")
    assert isinstance(prior, type(whole))
    left = estimate(prior, thrifty).optimizing
    verdict = "fits" if left <= free else f"still needs {gib(left)}"
    return Fit(left <= free, f"{words}; with {', '.join(saved)} it {verdict}")


def _open(folder: Path, device: torch.device, settings: Settings) -> FamilyPrior:
    g = settings.guidance
    return load_family(folder, device, weights_dtype(g.dtype, device), g.picture_px, g.offload)
