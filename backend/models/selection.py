"""Selects the files that a model needs: the parts of its family, safetensors only, in half precision if available."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..guidance.families import family_class
from ..guidance.families.components import SHARD_INDEX, VARIANT, WEIGHTS, has_part
from .hub import RemoteFile, SourceFailed

INDEX = "model_index.json"
_PLAIN_NAME = re.compile(r"[\w][\w.-]*")  # no path separators of any system
_PICKLED = (".bin", ".ckpt", ".pt", ".pth", ".msgpack", ".h5")


def needed_files(index: Mapping[str, Any], files: Mapping[str, RemoteFile]) -> list[RemoteFile]:
    """Returns the files to download in addition to model_index.json, smallest first, so that errors show early.

    Args:
        index: the contents of model_index.json.
        files: all files of the repository, by path.

    Raises:
        UserError: the family of the model is not supported.
        SourceFailed: a part has no weights in safetensors format.
    """
    family = family_class(str(index.get("_class_name")))
    networks = [family.denoiser_part, *family.text_parts, *(["vae"] if family.has_encoder else [])]
    wanted: list[RemoteFile] = []
    for part in ("scheduler", *family.tokenizers, *networks):
        if not has_part(dict(index), part):
            continue
        inside = dict(_inside(files, part))
        names = _weights(part, inside) if part in networks else [n for n in inside if n.endswith((".txt", ".model"))]
        names += [name for name in inside if name.endswith(".json") and ".index" not in name]
        wanted += [inside[name] for name in names]
    return sorted(wanted, key=lambda file: (file.size, file.path))


def _inside(files: Mapping[str, RemoteFile], part: str) -> Iterator[tuple[str, RemoteFile]]:
    for path, file in files.items():
        folder, _, name = path.rpartition("/")
        if folder == part and _PLAIN_NAME.fullmatch(name):
            yield name, file


def _weights(part: str, names: Iterable[str]) -> list[str]:
    """Returns the weights of one part, and the index of their shards."""
    found = [name for name in names if WEIGHTS.fullmatch(name)]
    half = [name for name in found if f".{VARIANT}" in name]
    whole = [name for name in found if f".{VARIANT}" not in name]
    for chosen in (half, whole):
        if chosen and _is_complete(chosen):
            indices = [name for name in names if SHARD_INDEX.fullmatch(name)]
            if any("-of-" in name for name in chosen):
                chosen += [name for name in indices if (f".{VARIANT}" in name) == (chosen is half)]
            return chosen
    if any(name.endswith(_PICKLED) for name in names):
        raise SourceFailed(f"its {part} has only pickled weights, which can execute code")
    raise SourceFailed(f"its {part} has no weights")


def _is_complete(names: list[str]) -> bool:
    """Whether all shards are present. Each name contains the number of shards."""
    matches = (WEIGHTS.fullmatch(name) for name in names)
    counts = {int(match["count"] or 1) for match in matches if match}
    return counts == {len(names)}
