"""DeepFloyd IF, stage I: pixel space at 64 pixels, T5. The open model closest to the paper's (the base model of Imagen)."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from ..base import Conditioning
from .prior import FamilyPrior


class DeepFloyd(FamilyPrior):
    """The network has six output channels; the last three are a learned variance."""

    pipeline_name = "IFPipeline"
    denoiser_part = "unet"
    has_encoder = False

    def encode_with(self, pipeline: Any, texts: list[str], is_negative: bool) -> Conditioning:
        hidden, _ = pipeline.encode_prompt(texts, False, device=pipeline.text_encoder.device)
        return Conditioning(hidden, None)

    def predict(self, denoiser: Any, z: Tensor, timestep: Tensor, text: Conditioning) -> Tensor:
        return denoiser(z, timestep, encoder_hidden_states=text.hidden).sample
