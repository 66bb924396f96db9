"""Random backgrounds behind the object.

A constant background would be painted onto the object, because the guidance cannot distinguish the two.
"""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor
from torch.nn.functional import interpolate

WAVES = 6  # plane waves per texture
CHECKERS = (2, 8)  # smallest number of squares along a side, and the limit above it


def draw_backgrounds(
    count: int, generator: torch.Generator, kind: Literal["plain", "textures"] = "plain", size_px: int = 1
) -> Tensor:
    """One background per view in linear light: plain colors [B, 1, 1, 3], or textures [B, size_px, size_px, 3].

    Textures are noise, checkerboards and waves (Dream Fields, Jain et al. 2022, section 4.3).
    """
    if kind == "plain":
        return torch.rand(count, 1, 1, 3, generator=generator).square()
    textures = (_draw_noise, _draw_checkerboard, _draw_waves)
    chosen = torch.randint(len(textures), (count,), generator=generator).tolist()
    return torch.stack([textures[number](size_px, generator) for number in chosen]).square()


# The textures: [size_px, size_px, 3] in [0, 1].


def _draw_noise(size_px: int, generator: torch.Generator) -> Tensor:
    """Uniform noise of a random resolution, interpolated."""
    resolution = int(torch.randint(2, size_px + 1, (), generator=generator)) if size_px > 2 else size_px
    coarse = torch.rand(1, 3, resolution, resolution, generator=generator)
    return interpolate(coarse, (size_px, size_px), mode="bilinear", align_corners=False)[0].permute(1, 2, 0)


def _draw_checkerboard(size_px: int, generator: torch.Generator) -> Tensor:
    """Two random colors."""
    squares = int(torch.randint(*CHECKERS, (), generator=generator))
    index = torch.arange(size_px) * squares // size_px
    is_odd = (index[:, None] + index[None]) % 2 == 1
    return torch.where(is_odd[..., None], _draw_color(generator), _draw_color(generator))


def _draw_color(generator: torch.Generator) -> Tensor:
    return torch.rand(3, generator=generator)


def _draw_waves(size_px: int, generator: torch.Generator) -> Tensor:
    """A sum of plane waves of random directions, phases and colors."""
    at = torch.linspace(0, 1, size_px)
    waves = 2 * torch.pi * 3 * torch.randn(WAVES, 2, generator=generator)
    phase = 2 * torch.pi * torch.rand(WAVES, generator=generator)
    angle = (
        waves[:, 0, None, None] * at[None, None] + waves[:, 1, None, None] * at[None, :, None] + phase[:, None, None]
    )
    colors = torch.randn(WAVES, 3, generator=generator) / WAVES**0.5
    return (0.5 + 0.5 * torch.einsum("khw,kc->hwc", angle.sin(), colors)).clamp(0, 1)
