"""Stable Diffusion 3 and 3.5 (Esser et al. 2024): flow matching, two CLIP text encoders and an optional T5."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from ..base import Conditioning
from .components import has_part
from .prior import FamilyPrior


class StableDiffusion3(FamilyPrior):
    pipeline_name = "StableDiffusion3Pipeline"
    text_parts = ("text_encoder", "text_encoder_2", "text_encoder_3")
    tokenizers = ("tokenizer", "tokenizer_2", "tokenizer_3")
    optional_parts = ("text_encoder_3", "tokenizer_3")

    def _text_pipeline(self, device: torch.device) -> Any:
        pipeline = super()._text_pipeline(device)
        if not has_part(self.index, "text_encoder_3"):
            # The pipeline reads the width of the missing T5's zeros from the transformer's configuration.
            with torch.device("meta"):
                pipeline.register_modules(transformer=self._denoiser_class().from_config(self.config))
        return pipeline

    def encode_with(self, pipeline: Any, texts: list[str], is_negative: bool) -> Conditioning:
        hidden, _, pooled, _ = pipeline.encode_prompt(
            texts, None, None, device=pipeline.text_encoder.device, do_classifier_free_guidance=False
        )
        return Conditioning(hidden, pooled)

    def predict(self, denoiser: Any, z: Tensor, timestep: Tensor, text: Conditioning) -> Tensor:
        return denoiser(
            hidden_states=z, timestep=timestep, encoder_hidden_states=text.hidden, pooled_projections=text.pooled
        ).sample
