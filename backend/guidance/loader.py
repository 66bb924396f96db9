"""From a name or a folder to a prior."""

from __future__ import annotations

from pathlib import Path

import torch

from ..catalog import entries, store
from ..config.settings import Precision
from ..errors import UserError
from ..places import models_folder
from .base import Prior
from .builtin.prior import BUILTIN, PIPELINE, PixelPrior
from .clip import Clip, is_clip
from .families import family_words, load_family
from .families.components import read_index
from .families.precision import weights_dtype
from .likeness import LikenessPrior


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


def open_prior(
    name_or_path: str,
    device: torch.device,
    picture_px: int = 0,
    is_offloaded: bool = False,
    precision: Precision = "auto",
) -> Prior | LikenessPrior:
    """Any prior: as `load_prior`, a model in diffusers' layout, or an image-text model ("judge": the project's own).

    Args:
        picture_px, is_offloaded: see `families.load_family`; precision: of a large model's weights. The built-in prior has
            no use for them.

    Raises:
        UserError: there is no such prior, it is of an unknown kind, its files cannot be read, or the device does not
            compute in that precision.
    """
    if name_or_path == "judge" or is_clip(Path(name_or_path).expanduser()):
        return LikenessPrior(Clip.load(name_or_path, device))
    folder = prior_folder(name_or_path)
    if read_index(folder)["_class_name"] == PIPELINE:
        return PixelPrior.load(folder, device)
    return load_family(folder, device, weights_dtype(precision, device), picture_px, is_offloaded)


def prior_folder(name_or_path: str) -> Path:
    """The folder of the built-in prior, of one that is named by its path, or of a downloaded model.

    Raises:
        UserError: nothing is there.
    """
    folder = BUILTIN if name_or_path == "builtin" else Path(name_or_path).expanduser()
    if folder.exists():
        return folder
    model, root = entries.find(name_or_path), models_folder()
    if stored := store.read(root, model.name if model else name_or_path):
        return stored.folder
    if model is not None and (model in entries.MODELS or store.part_bytes(root, model.name)):
        here = "is here only in part" if store.part_bytes(root, model.name) else "is not downloaded"
        raise UserError(
            f"The model '{name_or_path}' {here}: download it in the add-on's preferences, or with 'models download "
            f"{name_or_path}'.",
            code="prior",
        )
    raise UserError(
        f"There is no prior '{name_or_path}': say 'builtin', the name of a downloaded model, or a folder that holds a "
        f"model_index.json; known are {family_words()}.",
        code="prior",
    )
