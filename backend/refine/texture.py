"""The albedo texture as a parameter: a correction that is added to the baked texture."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import grid_sample, interpolate

from ..maths.color import srgb_decode


class AlbedoTexture(nn.Module):
    """albedo = baked + correction in sRGB, clamped to [0, 1] after each step.

    A sigmoid would not work: the main stage produces saturated colors, where its gradient vanishes.

    The correction has about the resolution at which the images show the surface. With a finer one, only single texels
    receive a gradient per view, which is noise. Finer detail of the baked texture is preserved.

    Args:
        pixels: [H, W, 3] uint8, sRGB, top row first, with margins around the charts.
        size_px: side of the correction, at most that of the texture.
    """

    baked: Tensor

    def __init__(self, pixels: NDArray[np.uint8], size_px: int, device: torch.device) -> None:
        super().__init__()
        self.pixels = np.ascontiguousarray(pixels)
        size_px = min(size_px, *pixels.shape[:2])
        baked = torch.from_numpy(self.pixels).permute(2, 0, 1)[None].float() / 255
        baked = interpolate(baked, (size_px, size_px), mode="area")
        self.register_buffer("baked", baked.to(device), persistent=False)
        self.correction = nn.Parameter(torch.zeros_like(self.baked))

    def lookup(self) -> TextureLookup:
        """The texture at this step. Gradients flow to the correction."""
        return TextureLookup(srgb_decode(self.baked + self.correction))

    @torch.no_grad()
    def clamp_colors(self) -> None:
        """Call after each step: keeps the albedo in [0, 1], where its gradient does not vanish."""
        self.correction.copy_((self.baked + self.correction).clamp(0, 1) - self.baked)

    @torch.no_grad()
    def to_pixels(self) -> NDArray[np.uint8]:
        """The corrected texture at the size of the baked one: [H, W, 3], sRGB, top row first."""
        height, width = self.pixels.shape[:2]
        correction = interpolate(self.correction, (height, width), mode="bilinear", align_corners=False).cpu()
        result = np.empty_like(self.pixels)
        for top in range(0, height, 256):  # in parts: as floats, a large texture takes a gigabyte
            rows = slice(top, top + 256)
            part = torch.from_numpy(self.pixels[rows]).permute(2, 0, 1).float() / 255
            changed = (part + correction[0, :, rows]).clamp(0, 1)
            result[rows] = (changed * 255).round().to(torch.uint8).permute(1, 2, 0).numpy()
        return result

    def total_variation(self) -> Tensor:
        """Mean squared difference of neighboring texels of the correction."""
        return self.correction.diff(dim=2).square().mean() + self.correction.diff(dim=3).square().mean()

    def seam_difference(self, first: Tensor, second: Tensor) -> Tensor:
        """Mean squared difference of the correction across seams: uv [N, 2] twice, from `seam_pairs`."""
        if not len(first):
            return self.correction.new_zeros(())
        return (_sample(self.correction, first) - _sample(self.correction, second)).square().mean()


class TextureLookup:
    """Bilinear texture lookup: uv [N, 2], v up -> linear light [N, 3].

    Args:
        linear: [1, 3, H, W], linear light, top row first.
    """

    def __init__(self, linear: Tensor) -> None:
        self.linear = linear

    def __call__(self, uv: Tensor) -> Tensor:
        return _sample(self.linear, uv)


def _sample(image: Tensor, uv: Tensor) -> Tensor:
    """image [1, C, H, W] at uv [N, 2] -> [N, C]."""
    grid = torch.stack((2 * uv[:, 0] - 1, 1 - 2 * uv[:, 1]), -1)
    return grid_sample(image, grid[None, None], padding_mode="border", align_corners=False)[0, :, 0].T


def seam_pairs(source: NDArray[np.int64], uv: NDArray[np.float64], device: torch.device) -> tuple[Tensor, Tensor]:
    """Pairs of texture coordinates, [N, 2] each, of two copies of the same vertex.

    Args:
        source: [M], the vertex that each copy was made from.
        uv: [M, 2], of each copy.
    """
    order = np.argsort(source, kind="stable")
    same = np.flatnonzero(np.diff(source[order]) == 0)
    first, second = (torch.from_numpy(uv[order[same + k]]).float().to(device) for k in (0, 1))
    return first, second
