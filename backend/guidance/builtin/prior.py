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
from ...devices import native_dtypes
from ...errors import UserError
from ...prompts.notes import prompt_notes
from ...prompts.reading import read_prompt
from ...prompts.vocabulary import Vocabulary, read_world
from ..base import Conditioning
from ..loading import check_hears, check_numbers, load_network, load_tokenizer, reading
from ..view_conditions import ViewConditions
from .labels import encode_captions
from .sketch import CONFIG, Sketch, predict_velocity

BUILTIN = BUILTIN_FOLDER
PIPELINE = "PixelPriorPipeline"  # in its model_index.json
_PATCH = 2  # the U-Net works on 2x2 blocks of pixels


class PixelPrior:
    """See `base.Prior`. Diffuses 2x2 pixel blocks, [B, 12, image_px / 2, image_px / 2] in [-1, 1], with v-prediction. The U-Net
    takes z_t and the sketch.

    coarse: a model for smaller pictures of the same world, if the folder has one. In the same time it is trained on four times
    as many pictures, and it is four times as fast; it finds the shape.
    """

    name, has_view_inputs = "builtin", True

    def __init__(
        self,
        unet: Any,
        text_encoder: Any,
        tokenizer: Any,
        sketch: Sketch,
        alphas_cumprod: Tensor,
        world: dict[str, Any],
    ) -> None:
        self.unet, self.text_encoder, self.tokenizer, self.sketch = unet, text_encoder, tokenizer, sketch
        self.alphas_cumprod = alphas_cumprod.float()
        self.world, self.vocabulary = world, Vocabulary(world)
        self.device, self.dtype = unet.device, unet.dtype
        self.image_px = int(unet.config.sample_size) * _PATCH
        self.coarse: PixelPrior | None = None

    @classmethod
    def load(cls, folder: Path, device: torch.device) -> PixelPrior:
        """Loads the model from a folder with safetensors.

        Raises:
            UserError: a file is missing or damaged.
        """
        from diffusers import DDPMScheduler, UNet2DConditionModel
        from diffusers.models.attention_processor import AttnProcessor
        from transformers import CLIPTextModel, PreTrainedTokenizerFast

        with reading(f"The built-in model in {folder}", "Reinstall the extension, or restore the folder."):
            refuse_earlier_versions(folder)
            dtype = fastest_dtype(device)
            unet = load_network(UNet2DConditionModel, folder / "unet")
            # At 64 tokens the plain processor is as fast as the fused one on GPUs, and faster on CPUs.
            unet.set_attn_processor(AttnProcessor())
            unet.to(device=device, dtype=dtype, memory_format=torch.channels_last)
            text_encoder = load_network(CLIPTextModel, folder / "text_encoder").to(device)
            sketch = Sketch.load(folder / "sketch", device, dtype)
            check_numbers(sketch, folder / "sketch")
            tokenizer = load_tokenizer(PreTrainedTokenizerFast, folder / "tokenizer")
            check_hears(tokenizer, text_encoder, folder / "text_encoder")
            scheduler = DDPMScheduler.from_pretrained(folder / "scheduler", local_files_only=True)
            world = read_world(folder)
        prior = cls(unet, text_encoder, tokenizer, sketch, scheduler.alphas_cumprod.to(device), world)
        if (folder / "coarse").is_dir():
            prior.coarse = cls.load(folder / "coarse", device)
        return prior

    def view_text(self, prompt: str, view: ViewConditions) -> str:
        """Returns the prompt in known words, and the style. The U-Net takes the other conditions as numbers."""
        return f"{read_prompt(prompt, self.vocabulary).text}, {view.style}".strip(" ,")

    def prepare(self, prompt: str, negative_prompt: str) -> None:
        """Does nothing: the text encoder is small and stays in memory."""

    @torch.no_grad()
    def encode_text(self, texts: Sequence[str], views: Sequence[ViewConditions | None] | None = None) -> Conditioning:
        hidden, labels = encode_captions(self.text_encoder, self.tokenizer, texts, views)
        return Conditioning(hidden.to(self.dtype), labels.to(self.dtype))

    def encode(self, image: Tensor) -> Tensor:
        if image.shape[-1] != self.image_px:
            image = interpolate(image, (self.image_px, self.image_px), mode="bilinear", antialias=True)
        return pixel_unshuffle(image * 2 - 1, _PATCH)

    @torch.no_grad()
    def predict_noise(self, z_t: Tensor, t: Tensor, text: Conditioning) -> Tensor:
        assert text.pooled is not None  # set by `encode_text`
        alphas_cumprod = self.alphas_cumprod[t].view(-1, 1, 1, 1)
        v = predict_velocity(self.unet, self.sketch, z_t, t, alphas_cumprod, text.hidden, text.pooled)
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


def fastest_dtype(device: torch.device) -> torch.dtype:
    """Returns bfloat16 where the device has instructions for it (up to seven times faster convolutions on CPUs), else float16 on
    CUDA and float32 elsewhere.

    The choice depends on the hardware and not on a timing, so that a resumed job makes the same one.
    """
    if device.type in ("cuda", "cpu") and torch.bfloat16 in native_dtypes(device):
        return torch.bfloat16
    return torch.float16 if device.type == "cuda" else torch.float32
