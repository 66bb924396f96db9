"""Loads the parts of a model's folder: configurations, tokenizers, and weights from safetensors only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import torch

from ...catalog import contents
from ...catalog.controlnets import base_pipeline
from ...catalog.headers import read_shapes
from ...errors import JobError, UserError
from ...jobs.reading import read_object
from .. import loading
from ..loading import load_network, reading

LIBRARIES = ("diffusers", "transformers")  # model_index.json names classes; no other library is imported
NETWORKS = ("ModelMixin", "PreTrainedModel")  # base classes of networks
TOKENIZERS = ("PreTrainedTokenizerBase",)
VARIANT = "fp16"  # many folders only have half-precision files
# Both orders occur: model.fp16-00001-of-00002.safetensors, and diffusion_pytorch_model-00001-of-00002.fp16.safetensors.
WEIGHTS = re.compile(
    rf"(diffusion_pytorch_)?model(\.{VARIANT})?(-\d{{5}}-of-(?P<count>\d{{5}}))?(\.{VARIANT})?\.safetensors"
)
SHARD_INDEX = re.compile(rf"(diffusion_pytorch_)?model\.safetensors(\.{VARIANT})?\.index(\.{VARIANT})?\.json")
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
    """Reads model_index.json: the pipeline's class, without a ControlNet, and [library, class] of each part.

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
    return index | {"_class_name": base_pipeline(str(index["_class_name"]))}


def has_part(index: dict[str, Any], name: str) -> bool:
    """Whether the folder contains the part; null marks an omitted part."""
    entry = index.get(name)
    return isinstance(entry, list) and len(entry) == 2 and entry[0] is not None


def weight_files(folder: Path) -> list[Path]:
    """Returns the safetensors files of one part that the libraries load: full precision if complete, else a complete variant.

    Other files, such as `non_ema` copies, are not loaded.

    Raises:
        UserError: files are missing, pickled or git-lfs pointers.
    """
    full, half = _by_precision(folder)
    if not (full and half):
        return _complete(folder, full or half)
    try:
        return _whole(folder, full)
    except UserError as error:
        with suppress(UserError):
            return _whole(folder, half)
        raise error


def variant_note(folder: Path) -> str:
    """Returns a sentence if the variant of a part is loaded because its full-precision files are incomplete. Else an empty string.

    Raises:
        UserError: see `weight_files`.
    """
    full, _ = _by_precision(folder)
    if not full or weight_files(folder)[0] in full:
        return ""
    return f"The full-precision files in {folder} are incomplete, so its half-precision files ({VARIANT}) are used."


def _by_precision(folder: Path) -> tuple[list[Path], list[Path]]:
    """The weights of one part in full precision, and those of the variant."""
    found = sorted(path for path in folder.glob("*.safetensors") if WEIGHTS.fullmatch(path.name))
    half = [path for path in found if f".{VARIANT}" in path.name]
    return [path for path in found if path not in half], half


def _whole(folder: Path, files: list[Path]) -> list[Path]:
    """See `_complete`; also checks that no file is cut off."""
    complete = _complete(folder, files)
    for path in complete:
        read_shapes(path)
    return complete


def _complete(folder: Path, full: list[Path]) -> list[Path]:
    """Returns the files of one precision that are loaded. Raises UserError: see `weight_files`."""
    if not full:
        pickled = [*folder.glob("*.bin"), *folder.glob("*.ckpt"), *folder.glob("*.pt")]
        why = "only has pickled weights, which can run programs" if pickled else "has no weights"
        raise UserError(f"{folder} {why}. Download the model's safetensors files.", code="weights")
    if any(_is_lfs_pointer(path) for path in full):
        raise UserError(
            f"{folder} holds git-lfs pointers instead of weights. Run 'git lfs pull' in {folder.parent}.",
            code="weights",
        )
    is_half = f".{VARIANT}" in full[0].name
    for listing in folder.glob("*.safetensors*.json"):
        if SHARD_INDEX.fullmatch(listing.name) and (f".{VARIANT}" in listing.name) == is_half:
            listed = set(map(str, dict(read_json(listing).get("weight_map") or {}).values()))
            if missing := listed - {path.name for path in full}:
                raise UserError(
                    f"{folder} is incomplete: {len(missing)} of its files are missing ({min(missing)}). Download it again.",
                    code="weights",
                )
            return [path for path in full if path.name in listed]
    single = [path for path in full if "-of-" not in path.name]
    if not single:
        raise UserError(
            f"{folder} is incomplete: the index of its files is missing. Download {_index_name(full[0])} into it.",
            "weights",
        )
    return single


def _index_name(shard: Path) -> str:
    """The index of a shard, such as model-00001-of-00002.safetensors."""
    stem = re.split(r"[.-]", shard.name)[0]
    return (
        f"{stem}.safetensors.index.{VARIANT}.json" if f".{VARIANT}" in shard.name else f"{stem}.safetensors.index.json"
    )


def _is_lfs_pointer(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_LFS_POINTER)) == _LFS_POINTER


def part_class(index: dict[str, Any], name: str, kinds: Sequence[str] = NETWORKS) -> Any:
    """Returns the class that model_index.json names for a part.

    Args:
        kinds: base classes, one of which it must have. Others, such as pipelines and the `Auto` classes, can run code of
            the folder.

    Raises:
        UserError: the class is none of diffusers or transformers, or not of these kinds.
    """
    library, class_name = index[name]
    found = getattr(import_module(library), str(class_name), None) if library in LIBRARIES else None
    bases = [base.__name__ for base in found.__mro__] if isinstance(found, type) else []
    if not set(kinds) & set(bases):
        raise UserError(
            f"The model's part '{name}' is a {library}.{class_name}, which is not supported. Only classes of diffusers and "
            "transformers are loaded.",
            code="prior",
        )
    return found


def load_part(folder: Path, index: dict[str, Any], name: str, dtype: torch.dtype, is_rehearsal: bool = False) -> Any:
    """Loads one network, see `loading.load_network`.

    Raises:
        UserError: its files are missing, pickled or damaged.
    """
    files = weight_files(folder / name)
    if not is_rehearsal:
        contents.check(folder, [f"{name}/{path.name}" for path in files])
    variant = VARIANT if f".{VARIANT}" in files[0].name else None
    cls = part_class(index, name, NETWORKS)
    read_json(folder / name / "config.json")
    with _explained(folder / name):
        return load_network(cls, folder / name, dtype, is_rehearsal, variant=variant)


def load_tokenizer(folder: Path, index: dict[str, Any], name: str) -> Any:
    """Loads one tokenizer, see `loading.load_tokenizer`.

    Raises:
        UserError: its files are missing or damaged, or need a library that is not installed.
    """
    cls = part_class(index, name, TOKENIZERS)
    with _explained(folder / name):
        return loading.load_tokenizer(cls, folder / name)


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    try:
        with reading(f"The model's folder {folder}", "Download the model again."):
            yield
    except ImportError as error:
        raise UserError(
            f"{folder} needs a library that is not installed ({' '.join(str(error).split())[:100]}). Install sentencepiece "
            "and protobuf in the backend's environment.",
            code="environment",
        ) from error
