"""DeepFloyd IF, stage I: 64 pixels, pixel space, T5. The open model that is nearest to the paper's (Imagen's base model)."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from ..base import Conditioning
from .prior import FamilyPrior


class DeepFloyd(FamilyPrior):
    """Six channels come out; the last three are a learned variance."""

    pipeline_name = "IFPipeline"
    denoiser_part = "unet"
    has_encoder = False

    def encode_with(self, pipeline: Any, texts: list[str], is_negative: bool) -> Conditioning:
        hidden, _ = pipeline.encode_prompt(texts, False, device=pipeline.text_encoder.device)
        return Conditioning(hidden, None)

    def ask(self, denoiser: Any, z: Tensor, told: Tensor, text: Conditioning) -> Tensor:
        return denoiser(z, told, encoder_hidden_states=text.hidden).sample
