"""Noise that is fixed to the surface of the object: all views see the same noise at the same place.

With separate noise in each view, the gradients of two views disagree even where both see the same surface. Here, a pixel's
noise is a hash of the cell of space that its surface point is in, after Consistent Flow Distillation (Yan et al. 2025).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn.functional import interpolate

_PRIMES = (73_856_093, 19_349_663, 83_492_791)  # of the axes, as in hashed grids
_MASK = 0xFFFFFFFF


def surface_noise(points: Tensor, noise: Tensor, seed: int) -> Tensor:
    """Replaces the noise of the pixels that show the surface.

    A pixel covers the cells of several points. Its noise is the sum of theirs, divided so that its variance is 1: the mean of m
    different cells times sqrt(m).

    Args:
        points: [B, H, W, 3], in units of the radius of the object; NaN where a ray meets nothing.
        noise: [B, C, h, w], the noise of the other pixels. A cell has the size of one pixel of it.
        seed: another seed gives other noise.
    """
    side = noise.shape[-1]
    points = points.permute(0, 3, 1, 2)
    if points.shape[-1] % side:
        share = math.ceil(points.shape[-1] / side)
        # The nearest, because the mean of two points may be on no surface.
        points = interpolate(points, (share * side, share * side))
    share = points.shape[-1] // side
    # [B, h, w, n, 3]: the n points of each pixel.
    grouped = points.unfold(2, share, share).unfold(3, share, share).flatten(4).permute(0, 2, 3, 4, 1)
    is_hit = grouped.isfinite().all(-1)
    cells = (grouped.nan_to_num() * (side / 2)).floor().long()
    values = gaussian(cells, noise.shape[1], seed).to(noise) * is_hit[..., None]
    is_same = (cells[..., None, :] == cells[..., None, :, :]).all(-1) & is_hit[..., None] & is_hit[..., None, :]
    variance = is_same.sum((-2, -1)).clamp_min(1).to(noise)
    fixed = (values.sum(-2) / variance.sqrt()[..., None]).permute(0, 3, 1, 2)
    is_covered = is_hit.float().mean(-1) > 0.5
    return torch.where(is_covered[:, None], fixed, noise)


def gaussian(cells: Tensor, channels: int, seed: int) -> Tensor:
    """Standard normal numbers [..., channels] of cells [..., 3], int64: a hash of the cell, by the Box-Muller transform."""
    mixed = torch.full(cells.shape[:-1], seed & _MASK, dtype=torch.int64, device=cells.device)
    for axis, prime in enumerate(_PRIMES):
        mixed = _hash(mixed ^ ((cells[..., axis] * prime) & _MASK))
    channel = torch.arange(2 * channels, device=cells.device)
    uniform = (_hash(mixed[..., None] ^ _hash(channel)) + 1).double() / (_MASK + 2)  # in (0, 1)
    radius, angle = uniform[..., :channels], uniform[..., channels:]
    return (-2 * radius.log()).sqrt() * (2 * math.pi * angle).cos()


def _hash(value: Tensor) -> Tensor:
    """Mixes the lower 32 bits of int64 values: each bit of the result depends on all of them (Wellons 2018, "lowbias32")."""
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        value = ((value ^ (value >> shift)) * factor) & _MASK
    return value ^ (value >> 16)
