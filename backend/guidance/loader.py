"""From a name or a folder to a prior."""

from __future__ import annotations

from pathlib import Path

import torch

from ..errors import UserError
from .base import Prior
from .families import family_words, load_family
from .families.components import read_index
from .pixel_prior import BUILTIN, PIPELINE, PixelPrior


def load_prior(name_or_path: str, device: torch.device) -> PixelPrior:
    """The prior called "builtin", or one in a folder with the built-in prior's layout.

    Raises:
        UserError: there is no such prior, or its files cannot be read.
    """
    folder = prior_folder(name_or_path)
    if read_index(folder)["_class_name"] != PIPELINE:
        raise UserError(
            f"Only priors that this project trained can be used for that, and {folder} is another.", "prior"
        )
    return PixelPrior.load(folder, device)


def open_prior(name_or_path: str, device: torch.device, picture_px: int = 0, is_offloaded: bool = False) -> Prior:
    """Any prior: as `load_prior`, or a model in diffusers' layout.

    Args:
        picture_px, is_offloaded: see `families.load_family`; the built-in prior has no use for them.

    Raises:
        UserError: there is no such prior, it is of an unknown kind, or its files cannot be read.
    """
    folder = prior_folder(name_or_path)
    if read_index(folder)["_class_name"] == PIPELINE:
        return PixelPrior.load(folder, device)
    return load_family(folder, device, picture_px=picture_px, is_offloaded=is_offloaded)


def prior_folder(name_or_path: str) -> Path:
    """Raises UserError when nothing is there."""
    folder = BUILTIN if name_or_path == "builtin" else Path(name_or_path).expanduser()
    if not folder.exists():
        raise UserError(
            f"There is no prior '{name_or_path}': say 'builtin', or give a folder that holds a model_index.json; known are "
            f"{family_words()}.",
            code="prior",
        )
    return folder
