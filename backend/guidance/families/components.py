"""Reading the parts of a model's folder: configurations, and weights from safetensors alone."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import torch

from ...errors import UserError

LIBRARIES = ("diffusers", "transformers")  # a folder names classes: no other library is imported for it
VARIANT = "fp16"  # many folders hold half-precision files alone
_PLACEHOLDER = b"version https://git-lfs"  # how the file begins that `git clone` leaves where git-lfs is not installed


def read_json(path: Path) -> dict[str, Any]:
    """Raises UserError when the file is missing or is no JSON object."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UserError(
            f"The model in {path.parents[1]} is incomplete, {path.parent.name}/{path.name} is missing: fetch it again.",
            code="weights",
        ) from None
    except (OSError, ValueError) as error:
        raise UserError(f"{path} cannot be read ({type(error).__name__}): fetch the model again.", "weights") from error
    if not isinstance(found, dict):
        raise UserError(f"{path} is damaged: fetch the model again.", code="weights")
    return found


def read_index(folder: Path) -> dict[str, Any]:
    """model_index.json: the pipeline's class, and [library, class] of each part.

    Raises:
        UserError: the folder is no model in diffusers' layout.
    """
    path = folder / "model_index.json"
    if not path.is_file():
        hint = "it is a single file, and" if folder.is_file() else "it has no model_index.json, and"
        raise UserError(
            f"{folder} is no model in diffusers' layout: {hint} a folder with model_index.json is needed.", code="prior"
        )
    index = read_json(path)
    if "_class_name" not in index:
        raise UserError(f"{path} does not say which pipeline it is for: fetch the model again.", code="weights")
    return index


def has_part(index: dict[str, Any], name: str) -> bool:
    """Whether the folder brings that part; null stands for one that was left out."""
    return bool(index.get(name)) and index[name][0] is not None


def weight_files(folder: Path) -> list[Path]:
    """The safetensors of one part: full precision where it is there, else the half-precision variant.

    Raises:
        UserError: there are none, or some of them are missing or placeholders.
    """
    found = sorted(folder.glob("*.safetensors"))
    full = [path for path in found if f".{VARIANT}" not in path.name]
    if not full:
        full = found
    if not full:
        pickled = [*folder.glob("*.bin"), *folder.glob("*.ckpt"), *folder.glob("*.pt")]
        why = "only has pickled weights, which can run programs" if pickled else "has no weights"
        raise UserError(f"{folder} {why}: fetch the model's safetensors files.", code="weights")
    if any(_is_placeholder(path) for path in full):
        raise UserError(
            f"{folder} has git-lfs's placeholders where its weights should be: run 'git lfs pull' in {folder.parent}.",
            code="weights",
        )
    for listing in folder.glob("*.safetensors.index*.json"):
        if (f".{VARIANT}" in listing.name) == (f".{VARIANT}" in full[0].name):
            missing = set(read_json(listing).get("weight_map", {}).values()) - {path.name for path in full}
            if missing:
                raise UserError(
                    f"{folder} is incomplete, {len(missing)} of its files are missing ({min(missing)}): fetch it again.",
                    code="weights",
                )
    return full


def _is_placeholder(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_PLACEHOLDER)) == _PLACEHOLDER


def part_class(index: dict[str, Any], name: str) -> Any:
    """The class that model_index.json names for a part.

    Raises:
        UserError: it is of no library that is trusted, or not known to the installed one.
    """
    library, class_name = index[name]
    found = getattr(import_module(library), class_name, None) if library in LIBRARIES else None
    if found is None:
        raise UserError(
            f"The model's part '{name}' is a {library}.{class_name}, which is not known here: only diffusers' and "
            "transformers' own classes are loaded.",
            code="prior",
        )
    return found


def load_part(folder: Path, index: dict[str, Any], name: str, dtype: torch.dtype) -> Any:
    """One network, frozen, on the CPU.

    Raises:
        UserError: its files are missing, pickled or damaged.
    """
    files = weight_files(folder / name)
    variant = VARIANT if f".{VARIANT}" in files[0].name else None
    options = {"local_files_only": True, "use_safetensors": True, "variant": variant}
    key = "torch_dtype" if index[name][0] == "diffusers" else "dtype"
    part = _guarded(part_class(index, name), folder / name, **options, **{key: dtype})
    return part.requires_grad_(False).eval()


def load_tokenizer(folder: Path, index: dict[str, Any], name: str) -> Any:
    """Raises UserError when its files are missing or damaged, or need a library that is not installed."""
    return _guarded(part_class(index, name), folder / name, local_files_only=True)


def _guarded(cls: Any, folder: Path, **options: Any) -> Any:
    try:
        return cls.from_pretrained(folder, **options)
    except torch.OutOfMemoryError:
        raise
    except ImportError as error:
        raise UserError(
            f"{folder} needs a library that is not installed ({' '.join(str(error).split())[:100]}): install sentencepiece "
            "and protobuf in the backend's environment.",
            code="environment",
        ) from error
    except Exception as error:  # the loaders raise a dozen kinds, all of which mean this
        reason = " ".join(str(error).split())[:120]
        raise UserError(
            f"{folder} cannot be read ({type(error).__name__}: {reason}): fetch the model again.", code="weights"
        ) from error
