"""Augmentation of the judge's training pictures, similar to artifacts of score distillation and small diffusion models.

All functions take and return sRGB pictures [B, 3, H, W] in [0, 1].
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import affine_grid, conv2d, grid_sample, interpolate, pad

BLUR_SHARE, BLUR_SIGMA_PX = 0.6, (0.3, 1.8)
NOISE = 0.05  # largest standard deviation
SHIFT, SCALE = 0.07, (0.8, 1.12)  # SHIFT: share of the picture's width
ROTATION_DEG = 6.0
DISPLACEMENT_PX = 1.5  # of edges, smooth: imitates the bumps of an optimized shape
CONTRAST, BRIGHTNESS, SATURATION = (0.8, 1.15), 0.05, (0.75, 1.35)
_BLUR_RADIUS_PX = 4


def augment(pictures: Tensor, generator: torch.Generator) -> Tensor:
    """Applies random geometric changes, blur, color changes and noise."""
    pictures = _change_colors(_blur(_transform(pictures, generator), generator), generator)
    amount = NOISE * torch.rand(len(pictures), 1, 1, 1, generator=generator).square()
    return (pictures + amount * torch.randn(pictures.shape, generator=generator)).clamp(0, 1)


def _uniform(low: float, high: float, count: int, generator: torch.Generator) -> Tensor:
    return low + (high - low) * torch.rand(count, generator=generator)


def _transform(pictures: Tensor, generator: torch.Generator) -> Tensor:
    """Mirrors, shifts, scales, rotates and distorts each picture. The border's colors extend outward."""
    count, _, height, width = pictures.shape
    zoom = 1 / _uniform(*SCALE, count, generator)
    mirror = torch.where(torch.rand(count, generator=generator) < 0.5, -1.0, 1.0)
    angle = torch.deg2rad(_uniform(-ROTATION_DEG, ROTATION_DEG, count, generator))
    shift = 2 * SHIFT * (2 * torch.rand(count, 2, generator=generator) - 1)
    across = torch.stack((zoom * angle.cos() * mirror, -zoom * angle.sin(), shift[:, 0]), -1)
    down = torch.stack((zoom * angle.sin() * mirror, zoom * angle.cos(), shift[:, 1]), -1)
    grid = affine_grid(torch.stack((across, down), 1), list(pictures.shape), align_corners=False)
    offsets = torch.randn(count, 2, 7, 7, generator=generator) * torch.rand(count, 1, 1, 1, generator=generator)
    offsets = interpolate(offsets, (height, width), mode="bicubic", align_corners=True).permute(0, 2, 3, 1)
    grid = grid + offsets * (DISPLACEMENT_PX / width)
    return grid_sample(pictures, grid, mode="bilinear", padding_mode="border", align_corners=False)


def _blur(pictures: Tensor, generator: torch.Generator) -> Tensor:
    """Applies a Gaussian blur of random width to `BLUR_SHARE` of the pictures."""
    count, channels = pictures.shape[:2]
    sigma = _uniform(*BLUR_SIGMA_PX, count, generator)
    sigma = torch.where(torch.rand(count, generator=generator) < BLUR_SHARE, sigma, 1e-2)
    taps = torch.exp(-(torch.arange(-_BLUR_RADIUS_PX, _BLUR_RADIUS_PX + 1).square() / (2 * sigma[:, None].square())))
    taps = (taps / taps.sum(1, keepdim=True)).repeat_interleave(channels, 0)[:, None]  # [B C, 1, 2 R + 1]
    planes = pad(pictures, (_BLUR_RADIUS_PX,) * 4, mode="replicate").flatten(0, 1)[None]
    planes = conv2d(planes, taps[:, :, None], groups=count * channels)
    return conv2d(planes, taps[..., None], groups=count * channels).view_as(pictures)


def _change_colors(pictures: Tensor, generator: torch.Generator) -> Tensor:
    """Changes contrast, brightness and saturation, but not enough to change the name of a color."""
    count = len(pictures)
    saturation, contrast = (_uniform(*span, count, generator).view(-1, 1, 1, 1) for span in (SATURATION, CONTRAST))
    brightness = _uniform(-BRIGHTNESS, BRIGHTNESS, count, generator).view(-1, 1, 1, 1)
    gray = pictures.mean(1, keepdim=True)
    pictures = gray + saturation * (pictures - gray)
    return (0.5 + contrast * (pictures - 0.5) + brightness).clamp(0, 1)
