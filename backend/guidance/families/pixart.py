"""PixArt-alpha and -Sigma (Chen et al. 2023, 2024): transformers over Stable Diffusion's latents, T5, a learned variance."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from ..base import Conditioning
from .prior import FamilyPrior

SIZED = 128  # `sample_size` of the PixArt-alpha model that is conditioned on the picture's size


class PixArtSigma(FamilyPrior):
    pipeline_name = "PixArtSigmaPipeline"

    def encode_with(self, pipeline: Any, texts: list[str], is_negative: bool) -> Conditioning:
        hidden, mask, _, _ = pipeline.encode_prompt(texts, False, device=pipeline.text_encoder.device)
        return Conditioning(hidden, None, mask)

    def size_conditions(self, z: Tensor) -> dict[str, Tensor | None]:
        return {"resolution": None, "aspect_ratio": None}

    def predict(self, denoiser: Any, z: Tensor, timestep: Tensor, text: Conditioning) -> Tensor:
        return denoiser(
            z,
            encoder_hidden_states=text.hidden,
            encoder_attention_mask=text.mask,
            timestep=timestep,
            added_cond_kwargs=self.size_conditions(z),
        ).sample


class PixArtAlpha(PixArtSigma):
    pipeline_name = "PixArtAlphaPipeline"

    def size_conditions(self, z: Tensor) -> dict[str, Tensor | None]:
        if self.config.get("sample_size") != SIZED:
            return super().size_conditions(z)
        size = torch.full((len(z), 2), self.image_px, device=z.device, dtype=z.dtype)
        return {"resolution": size, "aspect_ratio": torch.ones(len(z), 1, device=z.device, dtype=z.dtype)}
