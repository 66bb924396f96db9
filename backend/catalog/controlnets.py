"""Recognizes ControlNets (Zhang et al. 2023), which condition a model on a picture such as a depth image.

Standard library only, because the add-on uses this module, too.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import JobError, UserError
from ..jobs.reading import read_object
from .headers import read_shapes

FOLDER = "controlnet"  # of a ControlNet in the folder of its model, as diffusers saves both
CLASS = "ControlNetModel"
# Pipelines of diffusers that include a ControlNet, and those of the same model without one.
PIPELINES = {
    "StableDiffusionControlNetPipeline": "StableDiffusionPipeline",
    "StableDiffusionXLControlNetPipeline": "StableDiffusionXLPipeline",
}
# The first layer for the picture: in diffusers' layout, in files of a ControlNet alone, and in files of the first publication.
_HINTS = ("controlnet_cond_embedding.conv_in.weight", "input_hint_block.0.weight", "control_model.input_hint_block.0.weight")  # fmt: skip
_CONTROL_LORA = "lora_controlnet"
_TEXT_LAYER = "attn2.to_k.weight"
_WIDTHS = {768: "Stable Diffusion 1", 1024: "Stable Diffusion 2", 2048: "Stable Diffusion XL"}
# Words in the names of ControlNets. Nothing else tells what picture a ControlNet expects: the networks are the same.
_DEPTH = ("depth", "midas", "zoe")
_OTHERS = (
    "canny", "openpose", "pose", "scribble", "lineart", "softedge", "hed", "mlsd", "normal", "normalbae", "seg", "shuffle",
    "ip2p", "inpaint", "tile", "sketch", "qrcode", "brightness", "recolor", "blur",
)  # fmt: skip
NO_CONTROLNET = "{model} takes no ControlNet. Choose a model of Stable Diffusion 1, 2, or XL, or remove the ControlNet."
_REMEDY = "Choose a depth ControlNet for Stable Diffusion 1, 2, or XL, or remove it."


@dataclass(frozen=True)
class ControlNetKind:
    """What a ControlNet is.

    path: its folder in diffusers' layout, or its single file. width: of the texts that it takes; 0 if it takes none.
    """

    path: Path
    width: int

    @property
    def family(self) -> str:
        """The title of the family that it belongs to, or an empty string."""
        return _WIDTHS.get(self.width, "")


def base_pipeline(pipeline: str) -> str:
    """Returns the pipeline of a model without its ControlNet."""
    return PIPELINES.get(pipeline, pipeline)


def holds_controlnet(path: Path) -> bool:
    """Whether a folder or a safetensors file holds a ControlNet, of any kind and condition.

    Raises:
        UserError: the file is damaged.
    """
    if path.is_file():
        return path.suffix.lower() == ".safetensors" and _has_hint(read_shapes(path))
    try:
        return read_object(path / "config.json", of_model=True).get("_class_name") == CLASS
    except (OSError, JobError):
        return False


def recognize_controlnet(path: str | Path) -> ControlNetKind:
    """Reads what a ControlNet is from its configuration or its tensors' names, and its condition from its own name.

    Args:
        path: its folder, the folder of a model that has one, or a single file.

    Raises:
        UserError: it is no depth ControlNet of a supported kind (code "prior"), or is damaged (code "weights").
    """
    path = Path(os.path.expanduser(path))
    if not os.path.exists(path):  # unlike Path.exists, also for names that are too long or invalid
        raise UserError(f"The ControlNet {str(path)[:200]!r} was not found. {_REMEDY}", "prior")
    if path.is_file():
        kind, names = ControlNetKind(path, _width_of_file(path)), [path.stem]
    else:
        kind, names = _of_folder(path)
    words = [word for name in names for word in re.split(r"[^a-z0-9]+", name.lower())]
    if not any(start in word for word in words for start in _DEPTH) and (found := set(words) & set(_OTHERS)):
        raise UserError(
            f"The ControlNet {path} is not for depth: by its name, it is for '{min(found)}'. {_REMEDY}", "prior"
        )
    return kind


def own_controlnet(model: Path) -> Path | None:
    """Returns the folder of the ControlNet in the folder of a model, or None."""
    folder = model / FOLDER
    return folder if (folder / "config.json").is_file() else None


def _of_folder(path: Path) -> tuple[ControlNetKind, list[str]]:
    folder = path if (path / "config.json").is_file() else own_controlnet(path)
    if folder is None:
        raise UserError(f"The folder {path} is no ControlNet: it has no config.json. {_REMEDY}", "prior")
    try:
        config = read_object(folder / "config.json", of_model=True)
    except JobError as error:
        raise UserError(f"{error} Download the ControlNet again.", "weights") from error
    if (name := str(config.get("_class_name", ""))) != CLASS:
        kind = f"is a {name[:60]}" if name else "names no class"
        raise UserError(f"{folder} {kind}, which is no {CLASS} of diffusers. {_REMEDY}", "prior")
    if config.get("global_pool_conditions"):
        raise UserError(f"The ControlNet {folder} is not for depth: it is for 'shuffle'. {_REMEDY}", "prior")
    width = config.get("cross_attention_dim")
    return ControlNetKind(folder, width if isinstance(width, int) else 0), list(_names(folder, config))


def _names(folder: Path, config: Mapping[str, Any]) -> Iterator[str]:
    if folder.parent.name == "snapshots":  # in the Hub's cache, the folder is named by its commit
        yield folder.parents[1].name
    elif folder.name != FOLDER:
        yield folder.name
    yield Path(str(config.get("_name_or_path", ""))).name


def _width_of_file(path: Path) -> int:
    if path.suffix.lower() != ".safetensors":
        raise UserError(f"The ControlNet {path} is no .safetensors file. Choose a file in this format.", "prior")
    shapes = read_shapes(path)
    if _CONTROL_LORA in shapes:
        raise UserError(f"{path} is a Control-LoRA, which is not supported. {_REMEDY}", "prior")
    if not _has_hint(shapes):
        raise UserError(f"{path} is no ControlNet. {_REMEDY}", "prior")
    layer = next((shape for name, shape in shapes.items() if name.endswith(_TEXT_LAYER)), None)
    return layer[1] if layer is not None and len(layer) == 2 else 0


def _has_hint(shapes: Mapping[str, Any]) -> bool:
    return any(hint in shapes for hint in _HINTS)
