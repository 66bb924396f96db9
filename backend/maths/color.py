"""The sRGB transfer function (IEC 61966-2-1). Shading is in linear light; images and textures are sRGB."""

from __future__ import annotations

import torch
from torch import Tensor


def srgb_encode(linear: Tensor) -> Tensor:
    """Linear light -> sRGB, any shape, values in [0, 1]."""
    # The clamp keeps the power's derivative finite where `where` selects the linear branch.
    curve = 1.055 * linear.clamp_min(0.0031308) ** (1 / 2.4) - 0.055
    return torch.where(linear <= 0.0031308, 12.92 * linear, curve)


def srgb_decode(srgb: Tensor) -> Tensor:
    """sRGB -> linear light, any shape, values in [0, 1]."""
    curve = ((srgb.clamp_min(0.04045) + 0.055) / 1.055) ** 2.4
    return torch.where(srgb <= 0.04045, srgb / 12.92, curve)
