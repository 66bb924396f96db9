"""Families of text-to-image models in diffusers' folder layout, each behind the one `base.Prior`.

Which one a folder holds, its model_index.json says. A family's module is imported when it is asked for.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import UserError

if TYPE_CHECKING:
    import torch

    from .prior import FamilyPrior

# diffusers' pipeline: (what people call it, module, class).
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


def family_words() -> str:
    """The known families in a line."""
    return ", ".join(words for words, _, _ in FAMILIES.values())


def family_class(pipeline: str) -> type[FamilyPrior]:
    """The class for a model_index.json's `_class_name`.

    Raises:
        UserError: it is not known.
    """
    if pipeline not in FAMILIES:
        raise UserError(
            f"The model's kind, '{pipeline}', is not known here: models of these kinds are, {family_words()}.",
            code="prior",
        )
    _, module, name = FAMILIES[pipeline]
    found: type[FamilyPrior] = getattr(import_module(f".{module}", __name__), name)
    return found


def load_family(
    folder: Path,
    device: torch.device,
    dtype: torch.dtype | None = None,
    picture_px: int = 0,
    is_offloaded: bool = False,
) -> FamilyPrior:
    """The model in a folder. Its weights are read when they are first needed.

    Args:
        dtype: of the weights; by the device where it is None.
        picture_px: side of the pictures that it looks at; 0 is what it was trained for.
        is_offloaded: the denoiser's weights wait in main memory and visit the device block by block.

    Raises:
        UserError: the folder holds no model that is known here.
    """
    from .components import read_index

    index = read_index(folder)
    return family_class(str(index["_class_name"]))(folder, index, device, dtype, picture_px, is_offloaded)
