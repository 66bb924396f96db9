"""The networks of the built-in model, as PyTorch runs them: on every device, and as the reference of `openvino_networks`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor

from ...devices import native_dtypes
from ..loading import check_hears, check_numbers, load_network, load_tokenizer
from ..view_conditions import ViewConditions
from .labels import encode_captions
from .sketch import Sketch, predict_velocity

PATCH = 2  # the U-Net takes 64x64x3 pictures as 32x32x12, a quarter of the cost at the finest level


class Networks(Protocol):
    """The text encoder and the denoiser. Neither is differentiable.

    alphas_cumprod: [T], float32.
    dtype: of the conditioning.
    """

    device: torch.device
    dtype: torch.dtype
    image_px: int
    alphas_cumprod: Tensor

    def encode_text(self, texts: Sequence[str], views: Sequence[ViewConditions | None] | None) -> tuple[Tensor, Tensor]:
        """Returns hidden [B, L, D] and labels [B, label_width(D)], see `labels.encode_captions`."""
        ...

    def predict_velocity(
        self, z_t: Tensor, t: Tensor, alphas_cumprod: Tensor, hidden: Tensor, labels: Tensor
    ) -> Tensor:
        """Predicts v, float32 [B, 12, H, W], see `sketch.predict_velocity`."""
        ...


class TorchNetworks:
    """See `Networks`."""

    def __init__(self, unet: Any, text_encoder: Any, tokenizer: Any, sketch: Sketch, alphas_cumprod: Tensor) -> None:
        self.unet, self.text_encoder, self.tokenizer, self.sketch = unet, text_encoder, tokenizer, sketch
        self.device, self.dtype = unet.device, unet.dtype
        self.image_px = int(unet.config.sample_size) * PATCH
        self.alphas_cumprod = alphas_cumprod.float().to(self.device)

    @classmethod
    def load(cls, folder: Path, device: torch.device, dtype: torch.dtype) -> TorchNetworks:
        """Loads the networks from a folder with safetensors.

        Raises:
            Damaged: a tensor or a file is missing, or holds values that are not numbers.
        """
        from diffusers import DDPMScheduler, UNet2DConditionModel
        from diffusers.models.attention_processor import AttnProcessor
        from transformers import CLIPTextModel, PreTrainedTokenizerFast

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
        return cls(unet, text_encoder, tokenizer, sketch, scheduler.alphas_cumprod)

    def encode_text(self, texts: Sequence[str], views: Sequence[ViewConditions | None] | None) -> tuple[Tensor, Tensor]:
        hidden, labels = encode_captions(self.text_encoder, self.tokenizer, texts, views)
        return hidden.to(self.dtype), labels.to(self.dtype)

    def predict_velocity(
        self, z_t: Tensor, t: Tensor, alphas_cumprod: Tensor, hidden: Tensor, labels: Tensor
    ) -> Tensor:
        return predict_velocity(self.unet, self.sketch, z_t, t, alphas_cumprod, hidden, labels)


def fastest_dtype(device: torch.device) -> torch.dtype:
    """Returns bfloat16 where the device has instructions for it (up to seven times faster convolutions on CPUs), else float16 on
    CUDA and float32 elsewhere.

    The choice depends on the hardware and not on a timing, so that a resumed job makes the same one.
    """
    if device.type in ("cuda", "cpu") and torch.bfloat16 in native_dtypes(device):
        return torch.bfloat16
    return torch.float16 if device.type == "cuda" else torch.float32
