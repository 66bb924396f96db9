"""Between pictures and the latents that most models diffuse. The encoder has a gradient; its memory is what limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor


def shrink_factor(config: Mapping[str, Any]) -> int:
    """Pixels along a side of one latent."""
    blocks = config.get("block_out_channels") or config["encoder_block_out_channels"]
    return int(2 ** (len(blocks) - 1))


def encoder_dtype(config: Mapping[str, Any], dtype: torch.dtype) -> torch.dtype:
    """float16 overflows in some encoders, whose configurations say so."""
    return torch.float32 if dtype == torch.float16 and config.get("force_upcast", False) else dtype


def prepared(vae: Any) -> Any:
    """Computes activations again on the way back where the encoder can, instead of keeping them."""
    if vae._supports_gradient_checkpointing:
        vae.enable_gradient_checkpointing()
    return vae


def encode(vae: Any, image: Tensor) -> Tensor:
    """sRGB [B, 3, H, W] in [0, 1] -> scaled latents [B, C, h, w].

    The posterior's mean stands for a draw from it: the spread is far below one gray level, and would only add noise to the
    gradient.
    """
    encoded = vae.encode((image * 2 - 1).to(vae.dtype))
    latent = encoded.latent_dist.mode() if hasattr(encoded, "latent_dist") else encoded.latent
    shift, scale = _affine(vae)
    return ((latent - shift) * scale).to(image.dtype)


def decode(vae: Any, z: Tensor) -> Tensor:
    """The inverse, but in [-1, 1]."""
    shift, scale = _affine(vae)
    return vae.decode((z / scale + shift).to(vae.dtype)).sample.to(z.dtype)


def _affine(vae: Any) -> tuple[float, float]:
    """z = (latent - shift) * scale, which makes latents as wide as the noise."""
    return getattr(vae.config, "shift_factor", None) or 0.0, vae.config.scaling_factor
