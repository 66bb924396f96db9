"""Loads the parts of a model's folder: configurations, tokenizers, and weights from safetensors only."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import torch

from ...errors import JobError, UserError
from ...jobs.reading import read_object

LIBRARIES = ("diffusers", "transformers")  # model_index.json names classes; no other library is imported
VARIANT = "fp16"  # many folders only have half-precision files
_LFS_POINTER = b"version https://git-lfs"  # first bytes of the files that `git clone` writes without git-lfs


def read_json(path: Path) -> dict[str, Any]:
    """Reads a JSON object.

    Raises:
        UserError: the file is missing or not a JSON object.
    """
    try:
        return read_object(path, of_model=True)
    except FileNotFoundError:
        raise UserError(
            f"The model in {path.parents[1]} is incomplete: {path.parent.name}/{path.name} is missing. Download it again.",
            code="weights",
        ) from None
    except JobError as error:
        raise UserError(f"{error} Download the model again.", "weights") from error


def read_index(folder: Path) -> dict[str, Any]:
    """Reads model_index.json: the pipeline's class, and [library, class] of each part.

    Raises:
        UserError: the folder is not a model in diffusers' layout.
    """
    path = folder / "model_index.json"
    if not path.is_file():
        reason = "is a single file" if folder.is_file() else "has no model_index.json"
        raise UserError(f"{folder} {reason}. Choose a folder with a model in diffusers' layout.", code="prior")
    index = read_json(path)
    if "_class_name" not in index:
        raise UserError(f"{path} does not name its pipeline. Download the model again.", code="weights")
    return index


def has_part(index: dict[str, Any], name: str) -> bool:
    """Whether the folder contains the part; null marks an omitted part."""
    return bool(index.get(name)) and index[name][0] is not None


def weight_files(folder: Path) -> list[Path]:
    """Returns the safetensors files of one part: full precision if present, else the half-precision variant.

    Raises:
        UserError: files are missing, pickled or git-lfs pointers.
    """
    found = sorted(folder.glob("*.safetensors"))
    full = [path for path in found if f".{VARIANT}" not in path.name]
    if not full:
        full = found
    if not full:
        pickled = [*folder.glob("*.bin"), *folder.glob("*.ckpt"), *folder.glob("*.pt")]
        why = "only has pickled weights, which can run programs" if pickled else "has no weights"
        raise UserError(f"{folder} {why}. Download the model's safetensors files.", code="weights")
    if any(_is_lfs_pointer(path) for path in full):
        raise UserError(
            f"{folder} holds git-lfs pointers instead of weights. Run 'git lfs pull' in {folder.parent}.",
            code="weights",
        )
    for listing in folder.glob("*.safetensors.index*.json"):
        if (f".{VARIANT}" in listing.name) == (f".{VARIANT}" in full[0].name):
            missing = set(read_json(listing).get("weight_map", {}).values()) - {path.name for path in full}
            if missing:
                raise UserError(
                    f"{folder} is incomplete: {len(missing)} of its files are missing ({min(missing)}). Download it again.",
                    code="weights",
                )
    return full


def _is_lfs_pointer(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_LFS_POINTER)) == _LFS_POINTER


def part_class(index: dict[str, Any], name: str) -> Any:
    """Returns the class that model_index.json names for a part.

    Raises:
        UserError: the class is not in diffusers or transformers.
    """
    library, class_name = index[name]
    found = getattr(import_module(library), class_name, None) if library in LIBRARIES else None
    if found is None:
        raise UserError(
            f"The model's part '{name}' is a {library}.{class_name}, which is not supported. Only classes of diffusers and "
            "transformers are loaded.",
            code="prior",
        )
    return found


def load_part(folder: Path, index: dict[str, Any], name: str, dtype: torch.dtype) -> Any:
    """Loads one network, frozen, on the CPU.

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
    """Loads one tokenizer.

    Raises:
        UserError: its files are missing or damaged, or need a library that is not installed.
    """
    return _guarded(part_class(index, name), folder / name, local_files_only=True)


def _guarded(cls: Any, folder: Path, **options: Any) -> Any:
    try:
        return cls.from_pretrained(folder, **options)
    except torch.OutOfMemoryError:
        raise
    except ImportError as error:
        raise UserError(
            f"{folder} needs a library that is not installed ({' '.join(str(error).split())[:100]}). Install sentencepiece "
            "and protobuf in the backend's environment.",
            code="environment",
        ) from error
    except Exception as error:  # the loaders raise many kinds of errors
        reason = " ".join(str(error).split())[:120]
        raise UserError(
            f"{folder} cannot be read ({type(error).__name__}: {reason}). Download the model again.", code="weights"
        ) from error
