"""The albedo texture as something that learns: a correction on top of what was baked."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import grid_sample, interpolate

from ..maths.color import srgb_decode


class AlbedoTexture(nn.Module):
    """albedo = baked + correction in sRGB, kept between black and white by `keep_inside`.

    Not through a sigmoid: the main stage drives colors to full saturation, where one has no slope left to come back by.

    The correction is learned at about the size at which pictures show the surface. A finer one would get a gradient in single
    texels, the others none: noise, where a coarse one learns. What the baked texture holds in between stays.

    Args:
        pixels: [H, W, 3] sRGB, the top row first, with charts' colors continued beyond their edges.
        size_px: side of the correction; at most that of the texture.
    """

    baked: Tensor

    def __init__(self, pixels: NDArray[np.uint8], size_px: int, device: torch.device) -> None:
        super().__init__()
        self.full = np.ascontiguousarray(pixels)
        size_px = min(size_px, *pixels.shape[:2])
        whole = torch.from_numpy(self.full).permute(2, 0, 1)[None].float() / 255
        small = interpolate(whole, (size_px, size_px), mode="area")
        self.register_buffer("baked", small.to(device), persistent=False)
        self.correction = nn.Parameter(torch.zeros_like(self.baked))

    def lookup(self) -> TextureLookup:
        """This step's texture, to be looked up many times."""
        return TextureLookup(srgb_decode(self.baked + self.correction))

    @torch.no_grad()
    def keep_inside(self) -> None:
        """After a step: no color is darker than black or lighter than white, where its gradient would end."""
        self.correction.copy_((self.baked + self.correction).clamp(0, 1) - self.baked)

    @torch.no_grad()
    def painted(self) -> NDArray[np.uint8]:
        """[H, W, 3] sRGB at the size of the baked texture."""
        height, width = self.full.shape[:2]
        added = interpolate(self.correction, (height, width), mode="bilinear", align_corners=False).cpu()
        result = np.empty_like(self.full)
        for top in range(0, height, 256):  # in float a large texture would take a gigabyte
            rows = slice(top, top + 256)
            part = torch.from_numpy(self.full[rows]).permute(2, 0, 1).float() / 255
            changed = (part + added[0, :, rows]).clamp(0, 1)
            result[rows] = (changed * 255).round().to(torch.uint8).permute(1, 2, 0).numpy()
        return result

    def total_variation(self) -> Tensor:
        """Mean squared difference of neighboring texels of the correction."""
        return self.correction.diff(dim=2).square().mean() + self.correction.diff(dim=3).square().mean()

    def seam_difference(self, first: Tensor, second: Tensor) -> Tensor:
        """Mean squared difference of the correction between places uv [N, 2] that are one place on the surface."""
        if not len(first):
            return self.correction.new_zeros(())
        return (_sample(self.correction, first) - _sample(self.correction, second)).square().mean()


class TextureLookup:
    """linear [1, 3, H, W], the top row first; called with uv [N, 2], v upwards, it answers with linear light [N, 3]."""

    def __init__(self, linear: Tensor) -> None:
        self.linear = linear

    def __call__(self, uv: Tensor) -> Tensor:
        return _sample(self.linear, uv)


def _sample(picture: Tensor, uv: Tensor) -> Tensor:
    places = torch.stack((2 * uv[:, 0] - 1, 1 - 2 * uv[:, 1]), -1)
    return grid_sample(picture, places[None, None], padding_mode="border", align_corners=False)[0, :, 0].T


def seams_of(source: NDArray[np.int64], uv: NDArray[np.float64], device: torch.device) -> tuple[Tensor, Tensor]:
    """uv [N, 2] twice: places of two copies of one vertex. source: which vertex each copy is of."""
    order = np.argsort(source, kind="stable")
    same = np.flatnonzero(np.diff(source[order]) == 0)
    first, second = (torch.from_numpy(uv[order[same + k]]).float().to(device) for k in (0, 1))
    return first, second
