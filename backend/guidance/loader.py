"""Opens models by name or folder, and builds the guide for a model."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import torch

from ..catalog.controlnets import NO_CONTROLNET
from ..catalog.lookup import find_folder
from ..config.settings import GuidanceSettings, Precision
from ..errors import UserError
from ..places import models_folder
from .base import Prior
from .builtin.prior import BUILTIN, PIPELINE, PixelPrior
from .clip import Clip, is_clip
from .distillation import Distillation
from .families import load_family, supported_families
from .families.components import read_index
from .families.controlnet import ControlNet
from .families.lora import Lora
from .families.precision import weights_dtype
from .guide import Guide
from .likeness import Likeness, LikenessPrior


def load_prior(name_or_path: str, device: torch.device) -> PixelPrior:
    """Loads the model "builtin", or a folder with the built-in model's layout.

    Raises:
        UserError: the model does not exist, has another layout, or its files cannot be read.
    """
    folder = prior_folder(name_or_path)
    if read_index(folder)["_class_name"] != PIPELINE:
        raise UserError(
            f"{folder} was not trained by this project. Use 'builtin' or a model from train-prior.", "prior"
        )
    return PixelPrior.load(folder, device)


def open_prior(
    name_or_path: str,
    device: torch.device,
    picture_px: int = 0,
    is_offloaded: bool = False,
    precision: Precision = "auto",
    loras: Sequence[Lora] = (),
    controlnet: ControlNet | None = None,
) -> Prior | LikenessPrior:
    """Opens any supported model: see `load_prior`, a model in diffusers' layout or in a single file, or an image-text model ("judge": the project's own).

    Args:
        picture_px, is_offloaded: see `families.load_family`; the built-in model ignores them.
        precision: of a large model's weights; the built-in model ignores it.
        loras: files that change a large model, each with its weight.
        controlnet: a depth ControlNet of a large model, see `families.controlnet.find_control`.

    Raises:
        UserError: the model does not exist, its kind is not supported, its files cannot be read, or the device does not
            support the precision.
    """
    if is_likeness(name_or_path):
        _refuse_controlnet(controlnet, "An image-text model")
        return LikenessPrior(Clip.load(name_or_path, device))
    folder = prior_folder(name_or_path)
    if is_small(folder):
        _refuse_controlnet(controlnet, "The built-in model")
        if loras:
            raise UserError("The built-in model takes no LoRA. Choose a large model, or remove the LoRA.", "prior")
        return PixelPrior.load(folder, device)
    return load_family(folder, device, weights_dtype(precision, device), picture_px, is_offloaded, loras, controlnet)


def _refuse_controlnet(controlnet: ControlNet | None, model: str) -> None:
    if controlnet is not None and controlnet[0]:
        raise UserError(NO_CONTROLNET.format(model=model), "prior")


def is_small(folder: Path) -> bool:
    """Whether a folder holds a model of this project.

    Raises:
        UserError: it is neither a folder with a model nor a file.
    """
    return not folder.is_file() and read_index(folder)["_class_name"] == PIPELINE


def is_likeness(name_or_path: str) -> bool:
    """Whether this is an image-text model."""
    return name_or_path == "judge" or is_clip(Path(os.path.expanduser(name_or_path)))


def is_builtin(name_or_path: str) -> bool:
    """Whether this is the built-in model, or one that was trained with its layout.

    Raises:
        UserError: no such model.
    """
    if is_likeness(name_or_path):
        return False
    return bool(read_index(prior_folder(name_or_path))["_class_name"] == PIPELINE)


def prior_folder(name_or_path: str) -> Path:
    """Returns the folder of the built-in model, of a model given by its path, or of a downloaded model; or a single file.

    Raises:
        UserError: no such model.
    """
    if name_or_path == "builtin":
        return BUILTIN
    try:
        return find_folder(name_or_path, models_folder())
    except UserError as error:
        if not error.facts.get("is_unknown"):
            raise
        raise UserError(f"{error} Supported models: {supported_families()}.", code=error.code) from None


def build_guide(prior: Prior | LikenessPrior, prompt: str, negative_prompt: str, settings: GuidanceSettings) -> Guide:
    """Builds the guide for a model: score distillation for diffusion models, likeness for image-text models."""
    if isinstance(prior, LikenessPrior):
        return Likeness(prior, prompt)
    return Distillation(prior, prompt, negative_prompt, settings)
