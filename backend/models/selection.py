"""Which files of a repository a model needs: the parts that its family uses, safetensors alone, half precision if there is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..guidance.families import family_class
from ..guidance.families.components import VARIANT, has_part
from .hub import RemoteFile, SourceFailed

INDEX = "model_index.json"
# Two orders are in use: model.fp16-00001-of-00002.safetensors, and diffusion_pytorch_model-00001-of-00002.fp16.safetensors.
_WEIGHTS = re.compile(rf"[^.]+?(\.{VARIANT})?(-\d{{5}}-of-(?P<count>\d{{5}}))?(\.{VARIANT})?\.safetensors")
_LISTING = re.compile(rf"[^.]+\.safetensors(\.{VARIANT})?\.index(\.{VARIANT})?\.json")
_PLAIN_NAME = re.compile(r"[\w][\w.-]*")  # nothing that leads out of a folder, on any system
_PICKLED = (".bin", ".ckpt", ".pt", ".pth", ".msgpack", ".h5")


def needed_files(index: Mapping[str, Any], files: Mapping[str, RemoteFile]) -> list[RemoteFile]:
    """The files to fetch beside model_index.json, smallest first: what is missing shows before hours have passed.

    Args:
        index: the contents of model_index.json.

    Raises:
        UserError: the model is of no family that is known here.
        SourceFailed: a part has no weights in safetensors.
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
    """The weights of one part, with the listing of their pieces."""
    found = [name for name in names if _WEIGHTS.fullmatch(name)]
    half = [name for name in found if f".{VARIANT}" in name]
    whole = [name for name in found if f".{VARIANT}" not in name]
    for chosen in (half, whole):
        if chosen and _is_complete(chosen):
            listings = [name for name in names if _LISTING.fullmatch(name)]
            if any("-of-" in name for name in chosen):
                chosen += [name for name in listings if (f".{VARIANT}" in name) == (chosen is half)]
            return chosen
    if any(name.endswith(_PICKLED) for name in names):
        raise SourceFailed(f"its {part} only has pickled weights, which can run programs")
    raise SourceFailed(f"its {part} has no weights")


def _is_complete(names: list[str]) -> bool:
    """Whether no piece is missing: each says how many there are."""
    matches = (_WEIGHTS.fullmatch(name) for name in names)
    counts = {int(match["count"] or 1) for match in matches if match}
    return counts == {len(names)}
