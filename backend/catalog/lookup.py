"""Finds the folder of a model by its name or path. Standard library only, because the add-on uses this module, too."""

from __future__ import annotations

import difflib
import os
from pathlib import Path

from ..errors import UserError
from . import entries, store
from .checkpoints import recognize
from .controlnets import NO_CONTROLNET, recognize_controlnet

BUILTIN = "builtin"
BUILTIN_FOLDER = Path(__file__).parents[1] / "guidance" / "builtin" / "weights"
JUDGE = "judge"  # the project's image-text model, only in a checkout


def find_folder(name_or_path: str, root: Path) -> Path:
    """Returns the folder (or the single file) of a model given by its path, or the folder of a downloaded model.

    Args:
        root: the folder of downloaded models.

    Raises:
        UserError: no such model (code "prior").
    """
    folder = Path(os.path.expanduser(name_or_path))
    if _exists(folder):
        return folder
    model = entries.find(name_or_path)
    if stored := store.read(root, model.name if model else name_or_path):
        return stored.folder
    if model is not None and (model in entries.MODELS or store.part_bytes(root, model.name)):
        state = "is only partly downloaded" if store.part_bytes(root, model.name) else "is not downloaded"
        raise UserError(
            f"The model '{name_or_path}' {state}. Download it in the add-on's preferences or with 'models download "
            f"{name_or_path}'.",
            code="prior",
        )
    near = similar_names(name_or_path, [stored.name for stored in store.all_stored(root)])
    hint = (
        f"Did you mean '{near[0]}'?"
        if near
        else "Use 'builtin', the name of a downloaded model, a folder with a model_index.json, or a .safetensors file."
    )
    raise UserError(f"The model '{name_or_path}' was not found. {hint}", code="prior", is_unknown=not near)


def check_model(name_or_path: str, root: Path, controlnet: str = "") -> None:
    """Checks that a model exists, that a single file is a supported checkpoint, and that a ControlNet is one for depth.

    Raises:
        UserError: it is not (code "prior" or "weights").
    """
    if controlnet:
        if name_or_path in (BUILTIN, JUDGE):
            raise UserError(
                NO_CONTROLNET.format(model="The built-in model" if name_or_path == BUILTIN else "An image-text model"),
                "prior",
            )
        recognize_controlnet(controlnet)
    if name_or_path not in (BUILTIN, JUDGE) and (found := find_folder(name_or_path, root)).is_file():
        recognize(found)


def similar_names(name: str, stored: list[str]) -> list[str]:
    """Names of models that resemble a name, the nearest first.

    Args:
        stored: the names of downloaded models.
    """
    known = dict.fromkeys([BUILTIN, *(model.name for model in entries.MODELS), *stored])
    return difflib.get_close_matches(name.lower(), known, n=1)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # too long, or with a character that paths cannot have
        return False
