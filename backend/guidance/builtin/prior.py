"""The built-in prior: a small pixel-space diffusion model in diffusers' format, and the world that it knows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import interpolate, pixel_unshuffle

from ...devices import native_dtypes
from ...errors import UserError
from ..base import Conditioning
from ..judgment import Look
from ..view_words import exact_view
from .labels import describe
from .sketch import CONFIG, Sketch, predict_velocity
from .words import read_prompt, remark, well_known

BUILTIN = Path(__file__).parent / "weights"
PIPELINE = "PixelPriorPipeline"  # in its model_index.json
_PATCH = 2  # the U-Net works on 2x2 blocks of pixels


class PixelPrior:
    """See `base.Prior`. Diffuses 2x2 pixel blocks, [B, 12, image_px / 2, image_px / 2] in [-1, 1]; v-prediction. Beside z_t
    the U-Net sees the sketch of the text.

    coarse: a prior for smaller pictures of the same world, where the folder has one: it is taught four times as many
    pictures in the same time and asked four times as quickly, and finds the shape.
    """

    name = "builtin"

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
        self.world = world
        self.device, self.dtype = unet.device, unet.dtype
        self.image_px = int(unet.config.sample_size) * _PATCH
        self.coarse: PixelPrior | None = None

    @classmethod
    def load(cls, folder: Path, device: torch.device) -> PixelPrior:
        """Reads safetensors only.

        Raises:
            UserError: a file is missing or damaged.
        """
        from diffusers import DDPMScheduler, UNet2DConditionModel
        from diffusers.models.attention_processor import AttnProcessor
        from transformers import CLIPTextModel, PreTrainedTokenizerFast

        try:
            refuse_earlier_versions(folder)
            options = {"local_files_only": True, "use_safetensors": True}
            dtype = fastest_dtype(device)
            unet = UNet2DConditionModel.from_pretrained(folder / "unet", **options)
            # Sixty-four tokens: the plain processor is as quick as the fused one on GPUs and quicker on CPUs.
            unet.set_attn_processor(AttnProcessor())
            unet.requires_grad_(False).eval().to(device=device, dtype=dtype, memory_format=torch.channels_last)
            text_encoder = CLIPTextModel.from_pretrained(folder / "text_encoder", **options)
            text_encoder.requires_grad_(False).eval().float().to(device)
            sketch = Sketch.load(folder / "sketch", device, dtype)
            tokenizer = PreTrainedTokenizerFast.from_pretrained(folder / "tokenizer", local_files_only=True)
            scheduler = DDPMScheduler.from_pretrained(folder / "scheduler", local_files_only=True)
            world = json.loads((folder / "world.json").read_text(encoding="utf-8"))
        except UserError:
            raise
        except Exception as error:  # the loaders raise a dozen kinds, all of which mean this
            raise UserError(
                f"The built-in prior in {folder} cannot be read ({type(error).__name__}): reinstall the extension, or fetch the folder again.",
                code="weights",
            ) from error
        prior = cls(unet, text_encoder, tokenizer, sketch, scheduler.alphas_cumprod.to(device), world)
        if (folder / "coarse").is_dir():
            prior.coarse = cls.load(folder / "coarse", device)
        return prior

    def view_text(self, prompt: str, look: Look) -> str:
        return f"{read_prompt(prompt, self.world).text}, {exact_view(look)}, {look.style}"

    def prepare(self, prompt: str, negative_prompt: str) -> None:
        """Its text encoder is small, and its view words are many: they are read as they come."""

    @torch.no_grad()
    def encode_text(self, texts: list[str]) -> Conditioning:
        hidden, labels = describe(self.text_encoder, self.tokenizer, texts)
        return Conditioning(hidden.to(self.dtype), labels.to(self.dtype))

    def encode(self, image: Tensor) -> Tensor:
        if image.shape[-1] != self.image_px:
            image = interpolate(image, (self.image_px, self.image_px), mode="bilinear", antialias=True)
        return pixel_unshuffle(image * 2 - 1, _PATCH)

    @torch.no_grad()
    def predict_noise(self, z_t: Tensor, t: Tensor, text: Conditioning) -> Tensor:
        assert text.pooled is not None  # `encode_text` gives it
        alphas_cumprod = self.alphas_cumprod[t].view(-1, 1, 1, 1)
        v = predict_velocity(self.unet, self.sketch, z_t, t, alphas_cumprod, text.hidden, text.pooled)
        return alphas_cumprod.sqrt() * v + (1 - alphas_cumprod).sqrt() * z_t

    def remark(self, prompt: str) -> str | None:
        return remark(read_prompt(prompt, self.world), self.name, self.known_words_text())

    def known_words_text(self) -> str:
        return f"It knows {', '.join(well_known(self.world))}; in {', '.join(self.world['colors'])}."


def refuse_earlier_versions(folder: Path) -> None:
    """
    Raises:
        UserError: the folder holds a U-Net without a sketch, or one that says all of v by itself.
    """
    if (folder / "sketch").is_dir():
        is_earlier = "spread" not in json.loads((folder / "sketch" / CONFIG).read_text(encoding="utf-8"))
    else:
        is_earlier = (folder / "unet").is_dir()
    if is_earlier:
        raise UserError(
            f"The prior in {folder} was trained by an earlier version of this project: train it again with train-prior.",
            code="weights",
        )


def fastest_dtype(device: torch.device) -> torch.dtype:
    """bfloat16 where the device has instructions for it (a processor's convolutions are then up to seven times quicker), else
    float16 on CUDA and float32 elsewhere.

    Decided by what the processor is, not by the clock: a resumed job must choose as it did before.
    """
    if device.type in ("cuda", "cpu") and torch.bfloat16 in native_dtypes(device):
        return torch.bfloat16
    return torch.float16 if device.type == "cuda" else torch.float32
