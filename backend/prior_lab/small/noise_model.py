"""Stable Diffusion in small: a U-Net that predicts noise, or v, from latents and the states of one text encoder."""

from __future__ import annotations

from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.nn.functional import mse_loss

from ..train import draw_timesteps
from .autoencoder import without_shift
from .parts import build_noise, build_text_encoder, build_unet
from .words import build_tokenizer

Prediction = Literal["epsilon", "v_prediction"]


class NoiseModel(nn.Module):
    """The U-Net computes in bfloat16, the text encoder in float32."""

    def __init__(self, vae: Any, prediction: Prediction, noisy_share: float) -> None:
        super().__init__()
        from diffusers.models.attention_processor import AttnProcessor

        self.tokenizer = build_tokenizer()
        self.text_encoder = build_text_encoder(self.tokenizer)
        self.unet = build_unet()
        # Fused attention is slow backwards in bfloat16 on CPUs; for 64 latents the plain one costs nothing.
        self.unet.set_attn_processor(AttnProcessor())
        self.unet.to(dtype=torch.bfloat16, memory_format=torch.channels_last)
        self.scheduler = build_noise(prediction)
        self.prediction, self.noisy_share = prediction, noisy_share
        self._vae = [without_shift(vae)]  # in a list, so that it is not trained

    @torch.no_grad()
    def latents(self, pictures: Tensor) -> Tensor:
        (vae,) = self._vae
        return vae.encode(pictures.to(vae.dtype)).latent_dist.mode().float() * vae.config.scaling_factor

    def loss(self, x: Tensor, captions: list[str], generator: torch.Generator) -> Tensor:
        """x [B, C, h, w]: latents."""
        t = draw_timesteps(len(x), self.scheduler.config.num_train_timesteps, self.noisy_share, generator)
        noise = torch.randn(x.shape, generator=generator)
        z_t = self.scheduler.add_noise(x, noise, t).to(self.unet.dtype).contiguous(memory_format=torch.channels_last)
        found = self.unet(z_t, t, self._read(captions).to(self.unet.dtype)).sample.float()
        return mse_loss(found, noise if self.prediction == "epsilon" else self.scheduler.get_velocity(x, noise, t))

    def _read(self, captions: list[str]) -> Tensor:
        """[B, L, D]"""
        tokens = self.tokenizer(captions, padding="max_length", truncation=True, return_tensors="pt")
        hidden: Tensor = self.text_encoder(input_ids=tokens.input_ids).last_hidden_state
        return hidden

    def pipeline(self) -> Any:
        from diffusers import StableDiffusionPipeline

        return StableDiffusionPipeline(
            vae=self._vae[0],
            text_encoder=self.text_encoder,
            tokenizer=self.tokenizer,
            unet=self.unet.to(memory_format=torch.contiguous_format),
            scheduler=self.scheduler,
            safety_checker=None,
            feature_extractor=None,
            requires_safety_checker=False,
        )
