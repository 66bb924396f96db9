"""Stable Diffusion XL (Podell et al. 2023): two CLIP text encoders, conditioned on a pooled text and on the picture's size."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from ..base import Conditioning
from .prior import FamilyPrior


class StableDiffusionXL(FamilyPrior):
    pipeline_name = "StableDiffusionXLPipeline"
    text_parts = ("text_encoder", "text_encoder_2")
    tokenizers = ("tokenizer", "tokenizer_2")
    denoiser_part = "unet"
    takes_controlnet = True

    def encode_with(self, pipeline: Any, texts: list[str], is_negative: bool) -> Conditioning:
        hidden, _, pooled, _ = pipeline.encode_prompt(
            texts, device=pipeline.text_encoder_2.device, do_classifier_free_guidance=False
        )
        if texts == [""] and pipeline.config.force_zeros_for_empty_prompt:  # as in its training
            hidden, pooled = torch.zeros_like(hidden), torch.zeros_like(pooled)
        return Conditioning(hidden, pooled)

    def predict(self, denoiser: Any, z: Tensor, timestep: Tensor, text: Conditioning) -> Tensor:
        # Original size, crop corner, target size (section 2.2): an uncropped picture.
        size = torch.tensor([self.image_px, self.image_px, 0, 0, self.image_px, self.image_px], device=z.device)
        added = {"text_embeds": text.pooled, "time_ids": size.to(z.dtype).expand(len(z), -1)}
        control = self.control(z, timestep, text, added_cond_kwargs=added)
        return denoiser(z, timestep, encoder_hidden_states=text.hidden, added_cond_kwargs=added, **control).sample
