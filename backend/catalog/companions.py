"""Finds the text encoders and the VAE of a single file that holds a denoiser alone, where ComfyUI stores them.

They are recognized by their tensors. Standard library only, because the add-on uses this module, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ..errors import UserError
from .headers import read_shapes

FOLDERS = ("text_encoders", "clip", "vae")  # beside the folder of the file, or beside a folder around it
DEPTH = 3
MAX_FILES = 200
CLIP_L, CLIP_G, T5, VAE = "clip_l", "clip_g", "t5xxl", "vae"
USUAL_NAMES = {
    CLIP_L: "clip_l.safetensors",
    CLIP_G: "clip_g.safetensors",
    T5: "t5xxl_fp16.safetensors",
    VAE: "ae.safetensors",
}
# A tensor of each kind, one of its axes, and the size of that axis in the published models.
_CLIP = "text_model.embeddings.token_embedding.weight"
SIGNS: dict[str, tuple[str, int, int]] = {
    CLIP_L: (_CLIP, 1, 768),
    CLIP_G: (_CLIP, 1, 1280),
    T5: ("encoder.block.0.layer.0.SelfAttention.q.weight", 1, 4096),
    VAE: ("decoder.conv_in.weight", 1, 16),
}
SCALED = ("scaled_fp8", ".scale_weight", ".weight_scale")  # factors of 8-bit weights, which other programs apply


def find_companions(path: Path, needed: Sequence[str], names: Sequence[str] = ("",)) -> dict[str, Path]:
    """Returns the files found for the kinds in `needed`.

    Args:
        names: beginnings of the names of a suitable VAE: those of different families have the same tensors.
    """
    found: dict[str, Path] = {}
    if not needed:
        return found
    for file in _files(path):
        if len(found) == len(needed):
            break
        try:
            kind = _kind(read_shapes(file))
        except UserError:  # damaged
            continue
        if kind in needed and (kind != VAE or file.stem.lower().startswith(tuple(names))):
            found.setdefault(kind, file)
    return found


def _files(path: Path) -> Iterator[Path]:
    around = [path.parent, *(parent / name for parent in list(path.parents)[:DEPTH] for name in FOLDERS)]
    seen = 0
    for folder in around:
        for file in sorted(folder.glob("*.safetensors")) if folder.is_dir() else ():
            seen += 1
            if seen > MAX_FILES:
                return
            if file != path:
                yield file


def _kind(shapes: Mapping[str, Sequence[int]]) -> str:
    if any(name.endswith(SCALED) for name in shapes):
        return ""
    for kind, (name, axis, size) in SIGNS.items():
        shape = shapes.get(name, ())
        if len(shape) > axis and shape[axis] == size:
            return kind
    return ""
