"""Families of text-to-image models in diffusers' folder layout or in a single file, each with the interface `base.Prior`.

A folder's model_index.json, or the tensors of a file, select the family. The modules of the families are imported on demand.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import UserError

if TYPE_CHECKING:
    import torch

    from .controlnet import ControlNet
    from .files import ModelFiles
    from .lora import Lora
    from .prior import FamilyPrior

# diffusers' pipeline: (title, module, class).
FAMILIES: dict[str, tuple[str, str, str]] = {
    "StableDiffusionPipeline": ("Stable Diffusion 1 and 2", "stable_diffusion", "StableDiffusion"),
    "StableDiffusionXLPipeline": ("Stable Diffusion XL", "sdxl", "StableDiffusionXL"),
    "IFPipeline": ("DeepFloyd IF, stage I", "deepfloyd", "DeepFloyd"),
    "StableDiffusion3Pipeline": ("Stable Diffusion 3 and 3.5", "sd3", "StableDiffusion3"),
    "FluxPipeline": ("FLUX.1", "flux", "Flux"),
    "SanaPipeline": ("Sana", "sana", "Sana"),
    "PixArtAlphaPipeline": ("PixArt-alpha", "pixart", "PixArtAlpha"),
    "PixArtSigmaPipeline": ("PixArt-Sigma", "pixart", "PixArtSigma"),
}


def supported_families() -> str:
    """Returns the titles of all families, separated by commas."""
    return ", ".join(title for title, _, _ in FAMILIES.values())


def family_class(pipeline: str) -> type[FamilyPrior]:
    """Returns the class for the `_class_name` of a model_index.json.

    Raises:
        UserError: the pipeline is not supported.
    """
    if pipeline not in FAMILIES:
        raise UserError(
            f"Models of the kind '{pipeline}' are not supported. Supported models: {supported_families()}.",
            code="prior",
        )
    _, module, name = FAMILIES[pipeline]
    found: type[FamilyPrior] = getattr(import_module(f".{module}", __name__), name)
    return found


def open_files(path: Path) -> ModelFiles:
    """Opens a folder in diffusers' layout, or a single-file checkpoint.

    Raises:
        UserError: it is no supported model.
    """
    from .files import FolderFiles
    from .single_file import SingleFile

    return SingleFile(path) if path.is_file() else FolderFiles(path)


def load_family(
    path: Path | ModelFiles,
    device: torch.device,
    dtype: torch.dtype | None = None,
    picture_px: int = 0,
    is_offloaded: bool = False,
    loras: Sequence[Lora] = (),
    controlnet: ControlNet | None = None,
) -> FamilyPrior:
    """Opens a model. Its weights are loaded on first use.

    Args:
        path: a folder in diffusers' layout, a single-file checkpoint, or the opened files of a model.
        dtype: of the weights; None chooses by the device.
        picture_px: side of the model's input pictures; 0 is the size of the training.
        is_offloaded: keeps the denoiser's weights in main memory and moves them to the device block by block.
        loras: files that change the model, each with its weight.
        controlnet: a depth ControlNet with its strength, see `controlnet.find_control`; None uses none.

    Raises:
        UserError: it is no supported model.
    """
    files = open_files(path) if isinstance(path, Path) else path
    return family_class(str(files.index["_class_name"]))(
        files, device, dtype, picture_px, is_offloaded, loras, controlnet
    )
