"""FLUX.1 (Black Forest Labs 2024): flow matching on packed latents, CLIP's pooled text and T5."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from ..base import Conditioning
from .prior import FamilyPrior

TRAINED_PX = 1024  # missing in the configuration
PACKED = 2  # latents along a side of one token
# FLUX.1-dev takes a guidance scale as an input (diffusers' default); score distillation has a separate one.
EMBEDDED_GUIDANCE = 3.5


class Flux(FamilyPrior):
    pipeline_name = "FluxPipeline"
    text_parts = ("text_encoder", "text_encoder_2")
    tokenizers = ("tokenizer", "tokenizer_2")

    def trained_px(self) -> int:
        return TRAINED_PX

    def patch_px(self) -> int:
        return self.vae_scale_factor * PACKED

    def encode_with(self, pipeline: Any, texts: list[str], is_negative: bool) -> Conditioning:
        hidden, pooled, _ = pipeline.encode_prompt(texts, device=pipeline.text_encoder.device)
        return Conditioning(hidden, pooled)

    def predict(self, denoiser: Any, z: Tensor, timestep: Tensor, text: Conditioning) -> Tensor:
        from diffusers import FluxPipeline

        batch, channels, height, width = z.shape
        guidance = None
        if self.config.get("guidance_embeds"):
            guidance = torch.full((batch,), EMBEDDED_GUIDANCE, device=z.device, dtype=torch.float32)
        output = denoiser(
            hidden_states=FluxPipeline._pack_latents(z, batch, channels, height, width),
            timestep=timestep.to(z.dtype) / 1000,
            guidance=guidance,
            pooled_projections=text.pooled,
            encoder_hidden_states=text.hidden,
            txt_ids=torch.zeros(text.hidden.shape[1], 3, device=z.device, dtype=z.dtype),
            img_ids=FluxPipeline._prepare_latent_image_ids(batch, height // PACKED, width // PACKED, z.device, z.dtype),
        ).sample
        return FluxPipeline._unpack_latents(
            output, height * self.vae_scale_factor, width * self.vae_scale_factor, self.vae_scale_factor
        )
