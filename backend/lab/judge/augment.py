"""What distillation and small diffusion models do to a picture, done on purpose, so that the judge does not mind.

Renders are sRGB [B, 3, H, W] in [0, 1], in and out.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import affine_grid, conv2d, grid_sample, interpolate, pad

BLUR_SHARE, BLUR_SIGMA_PX = 0.6, (0.3, 1.8)
NOISE = 0.05  # the most, as a standard deviation
SHIFT, SCALE = 0.07, (0.8, 1.12)  # of the picture's width
TURN_DEG = 6.0
DENT_PX = 1.5  # how far edges are pushed about, smoothly: the bumps of an optimized shape
CONTRAST, BRIGHTNESS, SATURATION = (0.8, 1.15), 0.05, (0.75, 1.35)
_REACH = 4  # taps to either side of the blur


def augment(pictures: Tensor, generator: torch.Generator) -> Tensor:
    pictures = _colors(_blur(_move(pictures, generator), generator), generator)
    amount = NOISE * torch.rand(len(pictures), 1, 1, 1, generator=generator).square()
    return (pictures + amount * torch.randn(pictures.shape, generator=generator)).clamp(0, 1)


def _uniform(low: float, high: float, count: int, generator: torch.Generator) -> Tensor:
    return low + (high - low) * torch.rand(count, generator=generator)


def _move(pictures: Tensor, generator: torch.Generator) -> Tensor:
    """Mirrored, shifted, scaled, turned a little, and dented; what comes in from outside is the border's color."""
    count, _, height, width = pictures.shape
    zoom = 1 / _uniform(*SCALE, count, generator)
    mirror = torch.where(torch.rand(count, generator=generator) < 0.5, -1.0, 1.0)
    angle = torch.deg2rad(_uniform(-TURN_DEG, TURN_DEG, count, generator))
    shift = 2 * SHIFT * (2 * torch.rand(count, 2, generator=generator) - 1)
    across = torch.stack((zoom * angle.cos() * mirror, -zoom * angle.sin(), shift[:, 0]), -1)
    down = torch.stack((zoom * angle.sin() * mirror, zoom * angle.cos(), shift[:, 1]), -1)
    grid = affine_grid(torch.stack((across, down), 1), list(pictures.shape), align_corners=False)
    dents = torch.randn(count, 2, 7, 7, generator=generator) * torch.rand(count, 1, 1, 1, generator=generator)
    dents = interpolate(dents, (height, width), mode="bicubic", align_corners=True).permute(0, 2, 3, 1)
    grid = grid + dents * (DENT_PX / width)
    return grid_sample(pictures, grid, mode="bilinear", padding_mode="border", align_corners=False)


def _blur(pictures: Tensor, generator: torch.Generator) -> Tensor:
    """A Gaussian of its own width for each picture, for `BLUR_SHARE` of them."""
    count, channels = pictures.shape[:2]
    sigma = _uniform(*BLUR_SIGMA_PX, count, generator)
    sigma = torch.where(torch.rand(count, generator=generator) < BLUR_SHARE, sigma, 1e-2)
    taps = torch.exp(-(torch.arange(-_REACH, _REACH + 1).square() / (2 * sigma[:, None].square())))
    taps = (taps / taps.sum(1, keepdim=True)).repeat_interleave(channels, 0)[:, None]  # [B C, 1, 2 R + 1]
    planes = pad(pictures, (_REACH,) * 4, mode="replicate").flatten(0, 1)[None]
    planes = conv2d(planes, taps[:, :, None], groups=count * channels)
    return conv2d(planes, taps[..., None], groups=count * channels).view_as(pictures)


def _colors(pictures: Tensor, generator: torch.Generator) -> Tensor:
    """Contrast, brightness and saturation, less than would make another color word of a color."""
    count = len(pictures)
    saturation, contrast = (_uniform(*span, count, generator).view(-1, 1, 1, 1) for span in (SATURATION, CONTRAST))
    brightness = _uniform(-BRIGHTNESS, BRIGHTNESS, count, generator).view(-1, 1, 1, 1)
    gray = pictures.mean(1, keepdim=True)
    pictures = gray + saturation * (pictures - gray)
    return (0.5 + contrast * (pictures - 0.5) + brightness).clamp(0, 1)
