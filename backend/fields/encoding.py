"""Integrated positional encoding of isotropic Gaussians (mip-NeRF, section 3.1; DreamFusion, appendix A.2)."""

from __future__ import annotations

import torch
from torch import Tensor


def integrated_encoding(mean: Tensor, variance: Tensor | float, octaves: int) -> Tensor:
    """Expected sines and cosines of mean * 2^l over a Gaussian of the given variance, l = 0 .. octaves - 1.

    A wide Gaussian mutes the high octaves: E[sin(k x)] = sin(k mu) exp(-k^2 variance / 2).

    Args:
        mean: [..., D].
        variance: one number, or [..., 1]: the same along every axis, unlike a camera cone's.

    Returns:
        [..., 2 * D * octaves], all sines before all cosines.
    """
    scales = 2.0 ** torch.arange(octaves, dtype=mean.dtype, device=mean.device)
    phase = (mean[..., None, :] * scales[:, None]).flatten(-2)
    muted = torch.exp(-0.5 * torch.as_tensor(variance, dtype=mean.dtype, device=mean.device) * scales.square())
    muted = muted.expand(*mean.shape[:-1], octaves).repeat_interleave(mean.shape[-1], -1)
    return torch.cat((phase.sin() * muted, phase.cos() * muted), -1)
