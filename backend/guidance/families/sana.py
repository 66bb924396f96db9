"""Sana (Xie et al. 2024): flow matching on latents of a 32-fold encoder, a language model for the text."""

from __future__ import annotations

import inspect
from typing import Any

from torch import Tensor

from ..base import Conditioning
from .prior import FamilyPrior


class Sana(FamilyPrior):
    pipeline_name = "SanaPipeline"

    def encode_with(self, pipeline: Any, texts: list[str], is_negative: bool) -> Conditioning:
        # The language model is asked to imagine the prompt in detail (section 3.3); diffusers ships the instruction.
        instruction = inspect.signature(type(pipeline).__call__).parameters["complex_human_instruction"].default
        hidden, mask, _, _ = pipeline.encode_prompt(
            texts,
            False,
            device=pipeline.text_encoder.device,
            complex_human_instruction=None if is_negative or texts == [""] else instruction,
        )
        return Conditioning(hidden, None, mask)

    def ask(self, denoiser: Any, z: Tensor, told: Tensor, text: Conditioning) -> Tensor:
        return denoiser(
            z,
            encoder_hidden_states=text.hidden,
            encoder_attention_mask=text.mask,
            timestep=told * denoiser.config.timestep_scale,
        ).sample
