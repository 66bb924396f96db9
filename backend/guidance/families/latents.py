"""Conversion between pictures and latents. The encoder is differentiable, and its memory is the bottleneck."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor


def vae_scale_factor(config: Mapping[str, Any]) -> int:
    """Returns the pixels along a side of one latent."""
    blocks = config.get("block_out_channels") or config["encoder_block_out_channels"]
    return int(2 ** (len(blocks) - 1))


def encoder_dtype(config: Mapping[str, Any], dtype: torch.dtype) -> torch.dtype:
    """Returns float32 for encoders that overflow in float16 (`force_upcast`), else `dtype`."""
    return torch.float32 if dtype == torch.float16 and config.get("force_upcast", False) else dtype


def encode(vae: Any, image: Tensor) -> Tensor:
    """sRGB [B, 3, H, W] in [0, 1] -> scaled latents [B, C, h, w].

    Uses the mean of the posterior: its spread is far below one gray level, and would only add noise to the gradient.
    """
    encoded = vae.encode((image * 2 - 1).to(vae.dtype))
    latent = encoded.latent_dist.mode() if hasattr(encoded, "latent_dist") else encoded.latent
    shift, scale = _affine(vae)
    return ((latent - shift) * scale).to(image.dtype)


def decode(vae: Any, z: Tensor) -> Tensor:
    """Scaled latents [B, C, h, w] -> sRGB [B, 3, H, W] in [-1, 1]."""
    shift, scale = _affine(vae)
    return vae.decode((z / scale + shift).to(vae.dtype)).sample.to(z.dtype)


def _affine(vae: Any) -> tuple[float, float]:
    """Returns (shift, scale): z = (latent - shift) * scale has unit variance."""
    return getattr(vae.config, "shift_factor", None) or 0.0, vae.config.scaling_factor
