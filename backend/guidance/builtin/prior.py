"""The built-in model: a small pixel-space diffusion model in diffusers' format with a closed vocabulary."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import interpolate, pixel_unshuffle

from ...catalog.lookup import BUILTIN_FOLDER
from ...errors import UserError
from ...prompts.notes import prompt_notes
from ...prompts.reading import read_prompt
from ...prompts.vocabulary import Vocabulary, read_world
from ..base import Conditioning
from ..loading import reading
from ..view_conditions import ViewConditions
from .networks import PATCH, Networks, TorchNetworks, fastest_dtype
from .openvino_networks import find_networks
from .sketch import CONFIG

BUILTIN = BUILTIN_FOLDER
PIPELINE = "PixelPriorPipeline"  # in its model_index.json


class PixelPrior:
    """See `base.Prior`. Diffuses 2x2 pixel blocks, [B, 12, image_px / 2, image_px / 2] in [-1, 1], with v-prediction.

    coarse: a model for smaller pictures of the same world, if the folder has one. In the same time it is trained on four times
    as many pictures, and it is four times as fast; it finds the shape.
    """

    name, has_view_inputs, runs_beside, depth_px = "builtin", True, True, 0

    def __init__(self, networks: Networks, world: dict[str, Any]) -> None:
        self.networks = networks
        self.alphas_cumprod, self.image_px = networks.alphas_cumprod, networks.image_px
        self.device, self.dtype = networks.device, networks.dtype
        self.world, self.vocabulary = world, Vocabulary(world)
        self.coarse: PixelPrior | None = None

    @classmethod
    def load(cls, folder: Path, device: torch.device, is_reference: bool = False) -> PixelPrior:
        """Loads the model from a folder with safetensors.

        Args:
            is_reference: uses PyTorch on a CPU, too, where OpenVINO is faster.

        Raises:
            UserError: a file is missing or damaged.
        """
        with reading(f"The built-in model in {folder}", "Reinstall the extension, or restore the folder."):
            refuse_earlier_versions(folder)
            dtype = fastest_dtype(device)
            networks = None if is_reference or device.type != "cpu" else find_networks(folder, dtype)
            prior = cls(networks or TorchNetworks.load(folder, device, dtype), read_world(folder))
        if (folder / "coarse").is_dir():
            prior.coarse = cls.load(folder / "coarse", device, is_reference)
        return prior

    def view_text(self, prompt: str, view: ViewConditions) -> str:
        """Returns the prompt in known words, and the style. The U-Net takes the other conditions as numbers."""
        return f"{read_prompt(prompt, self.vocabulary).text}, {view.style}".strip(" ,")

    def prepare(self, prompt: str, *avoided: str) -> None:
        """Does nothing: the text encoder is small and stays in memory."""

    @torch.no_grad()
    def encode_text(self, texts: Sequence[str], views: Sequence[ViewConditions | None] | None = None) -> Conditioning:
        return Conditioning(*self.networks.encode_text(texts, views))

    def encode(self, image: Tensor) -> Tensor:
        if image.shape[-1] != self.image_px:
            image = interpolate(image, (self.image_px, self.image_px), mode="bilinear", antialias=True)
        return pixel_unshuffle(image * 2 - 1, PATCH)

    @torch.no_grad()
    def predict_noise(self, z_t: Tensor, t: Tensor, text: Conditioning) -> Tensor:
        assert text.pooled is not None  # set by `encode_text`
        alphas_cumprod = self.alphas_cumprod[t].view(-1, 1, 1, 1)
        v = self.networks.predict_velocity(z_t, t, alphas_cumprod, text.hidden, text.pooled)
        return alphas_cumprod.sqrt() * v + (1 - alphas_cumprod).sqrt() * z_t

    def prompt_notes(self, prompt: str) -> str | None:
        return prompt_notes(read_prompt(prompt, self.vocabulary))

    def vocabulary_text(self) -> str:
        return f"It supports {', '.join(self.vocabulary.good_kinds)}; in {', '.join(self.vocabulary.colors)}."


def refuse_earlier_versions(folder: Path) -> None:
    """Checks that the folder does not hold the weights of an earlier architecture.

    Raises:
        UserError: the U-Net has no sketch, or predicts v without `expected_velocity`.
    """
    if (folder / "sketch").is_dir():
        is_earlier = "spread" not in json.loads((folder / "sketch" / CONFIG).read_text(encoding="utf-8"))
    else:
        is_earlier = (folder / "unet").is_dir()
    if is_earlier:
        raise UserError(
            f"The model in {folder} was trained by an earlier version of this project. Train it again with train-prior.",
            code="weights",
        )
