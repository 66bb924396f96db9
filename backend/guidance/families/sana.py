"""Sana (Xie et al. 2024): flow matching on latents of an encoder with factor 32, a language model as text encoder."""

from __future__ import annotations

import inspect
from typing import Any

from torch import Tensor

from ..base import Conditioning
from .prior import FamilyPrior


class Sana(FamilyPrior):
    pipeline_name = "SanaPipeline"

    def encode_with(self, pipeline: Any, texts: list[str], is_negative: bool) -> Conditioning:
        # An instruction to elaborate the prompt precedes it (section 3.3); diffusers ships the text.
        instruction = inspect.signature(type(pipeline).__call__).parameters["complex_human_instruction"].default
        hidden, mask, _, _ = pipeline.encode_prompt(
            texts,
            False,
            device=pipeline.text_encoder.device,
            complex_human_instruction=None if is_negative or texts == [""] else instruction,
        )
        return Conditioning(hidden, None, mask)

    def predict(self, denoiser: Any, z: Tensor, timestep: Tensor, text: Conditioning) -> Tensor:
        return denoiser(
            z,
            encoder_hidden_states=text.hidden,
            encoder_attention_mask=text.mask,
            timestep=timestep * denoiser.config.timestep_scale,
        ).sample
