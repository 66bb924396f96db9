"""What stands behind the object while it is judged: a fixed backdrop would be painted onto the object."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor
from torch.nn.functional import interpolate

WAVES = 6  # in a backdrop of waves
CELLS = (2, 8)  # of a checkerboard, along a side


def draw_backgrounds(
    count: int, generator: torch.Generator, kind: Literal["plain", "textures"] = "plain", size_px: int = 1
) -> Tensor:
    """One backdrop for each view, linear light: plain colors [B, 1, 1, 3], or textures [B, size_px, size_px, 3]."""
    if kind == "plain":
        return torch.rand(count, 1, 1, 3, generator=generator).square()
    draws = (_noise, _checkers, _waves)
    chosen = torch.randint(len(draws), (count,), generator=generator).tolist()
    return torch.stack([draws[which](size_px, generator) for which in chosen]).square()


def _color(generator: torch.Generator) -> Tensor:
    return torch.rand(3, generator=generator)


def _noise(size_px: int, generator: torch.Generator) -> Tensor:
    """Of a random coarseness, [size_px, size_px, 3] in [0, 1] like the others (Dream Fields, Jain et al. 2022, section 4.3)."""
    grain = int(torch.randint(2, size_px + 1, (), generator=generator)) if size_px > 2 else size_px
    coarse = torch.rand(1, 3, grain, grain, generator=generator)
    return interpolate(coarse, (size_px, size_px), mode="bilinear", align_corners=False)[0].permute(1, 2, 0)


def _checkers(size_px: int, generator: torch.Generator) -> Tensor:
    cells = int(torch.randint(*CELLS, (), generator=generator))
    at = torch.arange(size_px) * cells // size_px
    odd = (at[:, None] + at[None]) % 2 == 1
    return torch.where(odd[..., None], _color(generator), _color(generator))


def _waves(size_px: int, generator: torch.Generator) -> Tensor:
    """A few plane waves of random directions and colors."""
    at = torch.linspace(0, 1, size_px)
    waves = 2 * torch.pi * 3 * torch.randn(WAVES, 2, generator=generator)
    phase = 2 * torch.pi * torch.rand(WAVES, generator=generator)
    angle = (
        waves[:, 0, None, None] * at[None, None] + waves[:, 1, None, None] * at[None, :, None] + phase[:, None, None]
    )
    colors = torch.randn(WAVES, 3, generator=generator) / WAVES**0.5
    return (0.5 + 0.5 * torch.einsum("khw,kc->hwc", angle.sin(), colors)).clamp(0, 1)
