"""Stable Diffusion 1.x and 2.x (Rombach et al. 2022): latents, one CLIP text encoder, epsilon or v."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from ..base import Conditioning
from .prior import FamilyPrior


class StableDiffusion(FamilyPrior):
    pipeline_name = "StableDiffusionPipeline"
    denoiser_part = "unet"
    takes_controlnet = True

    def encode_with(self, pipeline: Any, texts: list[str], is_negative: bool) -> Conditioning:
        hidden, _ = pipeline.encode_prompt(texts, pipeline.text_encoder.device, 1, False)
        return Conditioning(hidden, None)

    def predict(self, denoiser: Any, z: Tensor, timestep: Tensor, text: Conditioning) -> Tensor:
        control = self.control(z, timestep, text)
        return denoiser(z, timestep, encoder_hidden_states=text.hidden, **control).sample
